// "Show why": where the value under the cursor got its device, dtype and shape, as a tree that leads there.

import * as vscode from 'vscode';

import { reveal } from './documents.ts';
import type { Server } from './server.ts';

/** One reason, and the reasons behind it. */
interface Reason {
  readonly label: string;
  readonly description?: string;
  readonly location?: null | { readonly uri: string; readonly range: { readonly start: Place; readonly end: Place } };
  readonly children?: readonly Reason[];
}

interface Place {
  readonly line: number;
  readonly character: number;
}

export class Why implements vscode.TreeDataProvider<Reason> {
  private readonly changed = new vscode.EventEmitter<void>();
  private root: Reason | undefined;
  private readonly view: vscode.TreeView<Reason>;

  readonly onDidChangeTreeData = this.changed.event;

  constructor(private readonly server: Server) {
    this.view = vscode.window.createTreeView('samedevice.why', { treeDataProvider: this, showCollapseAll: true });
  }

  /** Asks about the value under the cursor and shows the answer. */
  async show(): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    if (!editor) {
      return;
    }
    const { line, character } = editor.selection.active;
    this.root = (await this.server.run<Reason | null>('samedevice.why', [editor.document.uri.toString(), { line, character }])) ?? undefined;
    if (!this.root) {
      void vscode.window.showInformationMessage('SameDevice knows no tensor or device here.');
      return;
    }
    await vscode.commands.executeCommand('setContext', 'samedevice.why', true);
    this.changed.fire();
    await this.view.reveal(this.root, { focus: true, select: true, expand: 3 });
  }

  getChildren(reason?: Reason): Reason[] {
    return reason ? [...(reason.children ?? [])] : this.root ? [this.root] : [];
  }

  getParent(reason: Reason): Reason | undefined {
    return this.root && parent(this.root, reason);
  }

  getTreeItem(reason: Reason): vscode.TreeItem {
    const open = reason.children?.length ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.None;
    const item = new vscode.TreeItem(reason.label, open);
    item.description = [place(reason), reason.description].filter(Boolean).join(' · ');
    item.tooltip = [reason.label, item.description].filter(Boolean).join('\n');
    if (reason.location) {
      item.command = { command: 'samedevice.openReason', title: 'Go there', arguments: [reason.location] };
      item.iconPath = new vscode.ThemeIcon('location');
    }
    return item;
  }

  dispose(): void {
    this.view.dispose();
    this.changed.dispose();
  }
}

/** Where a reason is, as briefly as a side bar wants it. */
function place({ location }: Reason): string {
  if (!location) {
    return '';
  }
  const line = `line ${location.range.start.line + 1}`;
  const here = vscode.window.activeTextEditor?.document.uri.toString() === vscode.Uri.parse(location.uri).toString();
  return here ? line : `${location.uri.split('/').pop()}, ${line}`;
}

/** Goes to a reason's place. */
export async function goTo({ uri, range }: NonNullable<Reason['location']>): Promise<void> {
  const where = new vscode.Range(range.start.line, range.start.character, range.end.line, range.end.character);
  await reveal(vscode.Uri.parse(uri), where);
}

function parent(above: Reason, reason: Reason): Reason | undefined {
  for (const child of above.children ?? []) {
    const found = child === reason ? above : parent(child, reason);
    if (found) {
      return found;
    }
  }
  return undefined;
}
