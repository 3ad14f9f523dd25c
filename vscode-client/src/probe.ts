// "Probe model on CUDA": runs the real network in the project's Python and shows what was measured.

import * as vscode from 'vscode';

import { revealLine } from './documents.ts';
import type { Server } from './server.ts';

interface Probed {
  readonly html?: string;
  readonly summary?: string;
  /** What the network needs to be built, and the project does not say. */
  readonly missing?: readonly { readonly name: string; readonly proposal: string; readonly why?: string }[];
}

/** What the page may ask for. */
type Message =
  | { readonly command: 'open'; readonly file: string; readonly line: number }
  | { readonly command: 'copy'; readonly text: string };

/** A network by its name or by a place inside it. */
type Network = string | { readonly line: number; readonly character: number };

export class Probe implements vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;

  constructor(private readonly server: Server) {}

  /** `given` comes from the lens above a network; without it, the cursor says which one is meant. */
  async run(given?: { readonly uri: string; readonly name: string }): Promise<void> {
    if (!vscode.workspace.isTrusted) {
      await offerTrust();
      return;
    }
    const asked = given ? ([given.uri, given.name] as const) : underCursor();
    if (!asked) {
      void vscode.window.showInformationMessage('Put the cursor into a network (a class that is an nn.Module) to probe it.');
      return;
    }
    let probed = await this.ask(asked, {});
    if (probed.missing?.length) {
      const given = await values(probed.missing);
      if (!given) {
        return;
      }
      probed = await this.ask(asked, { given });
    }
    if (probed.html !== undefined) {
      this.show(probed.html);
    } else if (probed.summary) {
      void vscode.window.showInformationMessage(`SameDevice: ${probed.summary}`);
    }
  }

  dispose(): void {
    this.panel?.dispose();
  }

  private ask(network: readonly unknown[], more: object): Thenable<Probed> {
    const progress = { location: vscode.ProgressLocation.Notification, title: 'SameDevice: probing', cancellable: true };
    return vscode.window.withProgress(progress, (shown, token) => {
      const told = (message: string | undefined): void => void (message && shown.report({ message }));
      return this.server.runWithProgress<Probed>('samedevice.probe', [...network, more], told, token);
    });
  }

  private show(html: string): void {
    if (!this.panel) {
      this.panel = vscode.window.createWebviewPanel(
        'samedevice.probe',
        'Probe',
        { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
        { enableScripts: true, localResourceRoots: [], retainContextWhenHidden: true },
      );
      this.panel.onDidDispose(() => (this.panel = undefined));
      this.panel.webview.onDidReceiveMessage(obey);
    }
    // The page brings its own policy: it loads nothing, and runs only its own scripts.
    this.panel.webview.html = html;
    this.panel.reveal(undefined, true);
  }
}

/** Asks for what is missing, one after the other; undefined where the user leaves. */
async function values(missing: NonNullable<Probed['missing']>): Promise<Record<string, string> | undefined> {
  const given: Record<string, string> = {};
  for (const { name, proposal, why } of missing) {
    const value = await vscode.window.showInputBox({
      title: 'Probe Model on CUDA',
      prompt: `What to give for ${name}, as Python${why ? ` (${why})` : ''}`,
      value: proposal,
      ignoreFocusOut: true,
    });
    if (value === undefined) {
      return undefined;
    }
    given[name] = value;
  }
  return given;
}

async function obey(message: Message): Promise<void> {
  if (message.command === 'open') {
    try {
      await revealLine(message.file, message.line);
    } catch {
      void vscode.window.showWarningMessage(`SameDevice: ${message.file} can't be opened.`);
    }
  } else if (message.command === 'copy') {
    await vscode.env.clipboard.writeText(message.text);
  }
}

function underCursor(): readonly [string, Network] | undefined {
  const editor = vscode.window.activeTextEditor;
  if (editor?.document.languageId !== 'python') {
    return undefined;
  }
  const { line: row, character } = editor.selection.active;
  return [editor.document.uri.toString(), { line: row, character }];
}

async function offerTrust(): Promise<void> {
  const manage = 'Manage Workspace Trust';
  const chosen = await vscode.window.showWarningMessage(
    'The probe runs the code of this folder, so it works in a trusted folder only.',
    manage,
  );
  if (chosen === manage) {
    await vscode.commands.executeCommand('workbench.trust.manage');
  }
}
