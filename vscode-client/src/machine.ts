// Choosing the machine that the code is thought to run on.

import * as vscode from 'vscode';

import { machineIn } from './pyproject.ts';
import type { Server } from './server.ts';
import { get, set } from './settings.ts';

const WORDS: Record<string, string> = {
  cuda: 'a machine with NVIDIA or AMD GPUs',
  cpu: 'a machine without an accelerator',
  mps: "a Mac with Apple's GPU",
};

/** `machines` are the values that the setting allows. */
export async function selectMachine(server: Server, machines: readonly string[]): Promise<void> {
  const now = server.status.told?.machine ?? get<string>('machine');
  const items = machines.map((label) => ({
    label,
    description: [WORDS[label], label === now ? '(now)' : ''].filter(Boolean).join(' '),
  }));
  const chosen = await vscode.window.showQuickPick(items, { placeHolder: 'Which machine will the code run on?' });
  if (chosen) {
    await set('machine', chosen.label);
    await tellWhoWins(chosen.label);
  }
}

/** Says so where the project's own configuration names another machine. */
async function tellWhoWins(chosen: string): Promise<void> {
  for (const file of await vscode.workspace.findFiles('**/pyproject.toml', undefined, 20)) {
    const machine = machineIn(new TextDecoder().decode(await vscode.workspace.fs.readFile(file)));
    if (machine !== undefined && machine !== chosen) {
      const open = 'Open pyproject.toml';
      const words = `SameDevice: ${vscode.workspace.asRelativePath(file)} says ${machine}, and wins over the editor's setting.`;
      if ((await vscode.window.showInformationMessage(words, open)) === open) {
        await vscode.window.showTextDocument(file);
      }
      return;
    }
  }
}
