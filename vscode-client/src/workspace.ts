// "Check workspace": every Python file, with its findings in the Problems panel.

import * as vscode from 'vscode';

import type { Server } from './server.ts';

interface Checked {
  readonly files: number;
  readonly findings: number;
  /** Files that could not be checked. */
  readonly errors: readonly { readonly path: string; readonly message: string }[];
  readonly cancelled?: boolean;
}

export async function checkWorkspace(server: Server): Promise<void> {
  const checked = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: 'SameDevice: checking the workspace', cancellable: true },
    async (progress, token) => {
      let before = 0;
      const told = (message: string | undefined, percentage: number | undefined): void => {
        const increment = percentage === undefined ? 0 : percentage - before;
        before += increment;
        progress.report({ increment, ...(message !== undefined && { message }) });
      };
      try {
        return await server.runWithProgress<Checked>('samedevice.checkWorkspace', [], told, token);
      } catch (error) {
        if (token.isCancellationRequested) {
          return undefined;
        }
        throw error;
      }
    },
  );
  if (!checked || checked.cancelled) {
    return;
  }
  checked.errors.forEach(({ path, message }) => server.log.warn(`${path}: ${message}`));
  void vscode.window.showInformationMessage(summary(checked));
  if (checked.findings > 0) {
    await vscode.commands.executeCommand('workbench.actions.view.problems');
  }
}

function summary({ files, findings, errors }: Checked): string {
  const found = findings === 0 ? 'no findings' : counted(findings, 'finding');
  const failed = errors.length > 0 ? ` ${counted(errors.length, 'file')} could not be checked; the output says why.` : '';
  return `SameDevice checked ${counted(files, 'file')}: ${found}.${failed}`;
}

export function counted(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
