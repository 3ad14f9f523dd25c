// Places in files, and the pages of the rules. VS Code shows those as rendered Markdown, as package.json says in
// `workbench.editorAssociations`.

import * as vscode from 'vscode';

export const SCHEME = 'samedevice';

/** Gives the text of `samedevice:/rules/NAME`. */
export class RulePages implements vscode.TextDocumentContentProvider {
  constructor(private readonly page: (rule: string) => Promise<string | null>) {}

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const name = uri.path.split('/').pop()!;
    return (await this.page(name)) ?? `There is no rule \`${name}\`.`;
  }
}

/** Shows a place in a file, in the editor where it is open already if there is one. */
export async function reveal(uri: vscode.Uri, range: vscode.Range): Promise<void> {
  const shown = vscode.window.visibleTextEditors.find((editor) => editor.document.uri.toString() === uri.toString());
  const viewColumn = shown?.viewColumn ?? vscode.ViewColumn.One;
  await vscode.window.showTextDocument(uri, { viewColumn, selection: range, preview: false });
}

/** Shows a line of a file; lines count from 1, as people count them. */
export async function revealLine(file: string, number: number): Promise<void> {
  await reveal(vscode.Uri.file(file), line(number - 1));
}

export function line(number: number): vscode.Range {
  return new vscode.Range(number, 0, number, 0);
}
