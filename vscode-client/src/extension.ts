// Where VS Code comes in. Nothing here waits for the server: it is started, and the editor goes on.

import * as vscode from 'vscode';

import { revealLine, RulePages, SCHEME } from './documents.ts';
import { Explainer } from './explain.ts';
import { fixAll } from './fixes.ts';
import { toggleInlayHints } from './hints.ts';
import { selectMachine } from './machine.ts';
import { Probe } from './probe.ts';
import { Server } from './server.ts';
import { StatusBar } from './statusbar.ts';
import { goTo, Why } from './why.ts';
import { checkWorkspace } from './workspace.ts';

let server: Server | undefined;

export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel('SameDevice', { log: true });
  const running = (server = new Server(context, log, () => Object.keys(commands)));
  const pages = new RulePages((rule) => running.run<string | null>('samedevice.rule', [rule]));
  const explainer = new Explainer(running);
  const probe = new Probe(running);
  const why = new Why(running);
  const commands: Record<string, (...given: never[]) => unknown> = {
    'samedevice.probe': (given?: { uri: string; name: string }) => probe.run(given),
    'samedevice.explain': (text?: unknown) => explainer.explain('anywhere', text),
    'samedevice.explainFinding': (...about: unknown[]) => explainer.explainFinding(...about),
    'samedevice.explainInTerminal': () => explainer.explain('terminal'),
    'samedevice.showWhy': () => why.show(),
    'samedevice.openReason': goTo,
    'samedevice.openPlace': revealLine,
    'samedevice.fixAll': (uri?: unknown) => fixAll(running, uri),
    'samedevice.checkWorkspace': () => checkWorkspace(running),
    'samedevice.openRule': (page: string) => vscode.commands.executeCommand('vscode.open', vscode.Uri.parse(page)),
    'samedevice.selectMachine': () => selectMachine(running, machines(context)),
    'samedevice.toggleInlayHints': toggleInlayHints,
    'samedevice.restart': running.restart,
    'samedevice.showOutput': () => log.show(),
  };
  context.subscriptions.push(
    log,
    running,
    explainer,
    probe,
    why,
    new StatusBar(running),
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, pages),
    ...Object.entries(commands).map(([name, run]) => vscode.commands.registerCommand(name, shown(log, run))),
    vscode.workspace.onDidGrantWorkspaceTrust(running.restart),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('samedevice.server')) {
        void running.restart();
      } else if (event.affectsConfiguration('samedevice.python')) {
        void running.interpreterChanged();
      }
    }),
  );
  // Not now: what starts a process waits until this extension counts as activated.
  setTimeout(() => void running.restart(), 0);
}

export async function deactivate(): Promise<void> {
  await server?.stop();
}

/** A command whose failure is said in one sentence, and logged in full. */
function shown(log: vscode.LogOutputChannel, run: (...given: never[]) => unknown): (...given: never[]) => Promise<unknown> {
  return async (...given) => {
    try {
      return await run(...given);
    } catch (error) {
      if (!(error instanceof vscode.CancellationError)) {
        log.error(error instanceof Error ? error : String(error));
        void vscode.window.showErrorMessage(`SameDevice: ${error instanceof Error ? error.message : String(error)}`);
      }
      return undefined;
    }
  };
}

/** The machines that the setting knows, as the manifest has them. */
function machines(context: vscode.ExtensionContext): string[] {
  const [analysis] = context.extension.packageJSON.contributes.configuration;
  return analysis.properties['samedevice.machine'].enum;
}
