// "Explain a PyTorch error": takes it from the selection, the terminal or the clipboard, and goes where it comes from.

import * as vscode from 'vscode';

import { line, reveal } from './documents.ts';
import { linked } from './links.ts';
import { errorIn } from './pasted.ts';
import type { Server } from './server.ts';

interface Explanation {
  readonly text: string;
  readonly uri?: string;
  readonly line?: number;
}

/** Where the error is taken from; in the terminal's menu that is its selection alone. */
export type From = 'anywhere' | 'terminal';

export class Explainer implements vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;

  constructor(private readonly server: Server) {}

  /** Explains an error that was raised somewhere else. */
  async explain(from: From, given?: unknown): Promise<void> {
    const error = typeof given === 'string' ? errorIn(given) || given : await find(from);
    if (!error) {
      void vscode.window.showInformationMessage(
        'Copy a PyTorch error with its traceback, or select it in the editor or the terminal; then run this again.',
      );
      return;
    }
    const found = await this.server.run<Explanation>('samedevice.explain', [error]);
    if (found.uri !== undefined && found.line !== undefined) {
      await reveal(vscode.Uri.parse(found.uri), line(found.line));
    }
    await this.show(`### ${found.text}`);
  }

  /** Explains one finding, as the light bulb offers it. */
  async explainFinding(...about: readonly unknown[]): Promise<void> {
    const found = await this.server.run<Explanation | null>('samedevice.explainFinding', about);
    if (found) {
      await this.show(found.text);
    }
  }

  dispose(): void {
    this.panel?.dispose();
  }

  /** Shows Markdown beside the code, with links to the places it names. */
  private async show(markdown: string): Promise<void> {
    const html = await vscode.commands.executeCommand<string>('markdown.api.render', markdown);
    if (!this.panel) {
      const where = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
      const may = { enableCommandUris: ['samedevice.openPlace'], localResourceRoots: [] };
      this.panel = vscode.window.createWebviewPanel('samedevice.explanation', 'Explanation', where, may);
      this.panel.onDidDispose(() => (this.panel = undefined));
    }
    this.panel.webview.html = page(linked(html, 'samedevice.openPlace'));
    this.panel.reveal(undefined, true);
  }
}

/** A page without scripts, that loads nothing. */
function page(body: string): string {
  const policy = "default-src 'none'; style-src 'unsafe-inline'";
  return (
    `<!DOCTYPE html><html lang="en"><head><meta http-equiv="Content-Security-Policy" content="${policy}">` +
    `<style>body { line-height: 1.6; padding: 1em 2em; } pre { overflow-x: auto; }</style></head><body>${body}</body></html>`
  );
}

async function find(from: From): Promise<string> {
  if (from === 'terminal') {
    return errorIn(await selectedInTerminal());
  }
  const editor = vscode.window.activeTextEditor;
  const selected = editor && !editor.selection.isEmpty ? errorIn(editor.document.getText(editor.selection)) : '';
  return selected || errorIn(await vscode.env.clipboard.readText());
}

/** What is selected in the terminal; VS Code tells it only through the clipboard, which is put back. */
async function selectedInTerminal(): Promise<string> {
  const before = await vscode.env.clipboard.readText();
  await vscode.commands.executeCommand('workbench.action.terminal.copySelection');
  const selected = await vscode.env.clipboard.readText();
  await vscode.env.clipboard.writeText(before);
  return selected;
}
