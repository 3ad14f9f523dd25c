// "Fix all in file".

import * as vscode from 'vscode';

import type { Server } from './server.ts';

export async function fixAll(server: Server, uri?: unknown): Promise<void> {
  const document = typeof uri === 'string' ? uri : vscode.window.activeTextEditor?.document.uri.toString();
  if (document === undefined) {
    return;
  }
  const told = await server.run<{ readonly applied?: boolean; readonly failureReason?: string }>('samedevice.fixAll', [document]);
  if (told?.applied === false) {
    void vscode.window.showInformationMessage(`SameDevice: ${told.failureReason ?? 'the fixes could not be applied'}.`);
  }
}
