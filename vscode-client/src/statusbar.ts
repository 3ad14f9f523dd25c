// The item in the status bar: whether the server runs, which machine is assumed, how many findings there are.

import * as vscode from 'vscode';

import type { Server, Status, Told } from './server.ts';
import { get } from './settings.ts';
import { counted } from './workspace.ts';

const COMMANDS = ['samedevice.selectMachine', 'samedevice.checkWorkspace', 'samedevice.restart', 'samedevice.showOutput'];

export class StatusBar implements vscode.Disposable {
  private readonly item: vscode.StatusBarItem;
  private readonly disposables: vscode.Disposable[];

  constructor(private readonly server: Server) {
    this.item = vscode.window.createStatusBarItem('samedevice.status', vscode.StatusBarAlignment.Right, 99);
    this.item.name = 'SameDevice';
    const update = (): void => this.update();
    this.disposables = [
      this.item,
      server.onStatus(update),
      vscode.window.onDidChangeActiveTextEditor(update),
      vscode.languages.onDidChangeDiagnostics(update),
      vscode.workspace.onDidChangeConfiguration((event) => event.affectsConfiguration('samedevice') && update()),
    ];
    this.update();
  }

  dispose(): void {
    this.disposables.forEach((one) => one.dispose());
  }

  private update(): void {
    const editor = vscode.window.activeTextEditor;
    if (editor && editor.document.languageId !== 'python') {
      this.item.hide();
      return;
    }
    const { status } = this.server;
    const machine = status.told?.machine ?? get<string>('machine') ?? 'cuda';
    const found = findings();
    this.item.text = `${icon(status)} ${machine}${found > 0 ? ` $(bug) ${found}` : ''}`;
    this.item.tooltip = tooltip(status, machine, found);
    this.item.accessibilityInformation = { label: `SameDevice: ${status.state}, assumes ${machine}, ${counted(found, 'finding')}` };
    this.item.command = status.state === 'stopped' ? 'samedevice.restart' : 'samedevice.selectMachine';
    this.item.backgroundColor = background(status);
    this.item.show();
  }
}

/** How many findings the Problems panel has of ours. */
function findings(): number {
  return vscode.languages
    .getDiagnostics()
    .reduce((count, [, all]) => count + all.filter((one) => one.source === 'samedevice').length, 0);
}

function icon(status: Status): string {
  return { starting: '$(loading~spin)', running: '$(chip)', stopped: '$(error)' }[status.state];
}

function background(status: Status): vscode.ThemeColor | undefined {
  if (status.state === 'stopped') {
    return new vscode.ThemeColor('statusBarItem.errorBackground');
  }
  return status.told?.message ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
}

function tooltip(status: Status, machine: string, found: number): vscode.MarkdownString {
  const text = new vscode.MarkdownString(undefined, true);
  text.isTrusted = { enabledCommands: COMMANDS };
  const lines = [
    `**SameDevice** · ${status.trouble ?? status.state}`,
    `Assumed machine: **${machine}** · [Change](command:samedevice.selectMachine)`,
    `${counted(found, 'finding')} · [Check the workspace](command:samedevice.checkWorkspace)`,
    `Project: ${project(status.told)}`,
    `Server: ${status.python ? `Python ${status.python.version.join('.')} from ${status.python.from}` : 'no Python'}`,
    '[Restart](command:samedevice.restart) · [Show output](command:samedevice.showOutput)',
  ];
  text.appendMarkdown(lines.join('\n\n'));
  return text;
}

/** The project's Python and its torch, as the server found them. */
function project(told: Told = {}): string {
  const { interpreter, python, chosen, torch, message } = told;
  const found = interpreter ? `Python ${python ?? ''} from ${chosen ?? 'the settings'}, \`${interpreter}\`` : 'no Python found';
  return [found, torch ? `torch ${torch}` : 'torch not seen', message].filter(Boolean).join(' · ');
}
