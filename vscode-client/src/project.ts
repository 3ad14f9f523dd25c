// The project's Python, as far as the editor knows it: what the user set, or chose in the Python extension. Where neither
// says anything, the server looks for an environment itself.

import * as os from 'node:os';
import * as vscode from 'vscode';

import { ask } from './ask.ts';
import { type Candidate, expanded, inFolder } from './pythons.ts';
import { get } from './settings.ts';

/** The part of the Python extension's API that is used here. */
interface PythonExtension {
  readonly environments: {
    getActiveEnvironmentPath(resource?: vscode.Uri): { readonly path: string };
    resolveEnvironment(
      environment: { readonly path: string },
    ): Promise<{ readonly executable: { readonly uri?: vscode.Uri } } | undefined>;
    readonly onDidChangeActiveEnvironmentPath: vscode.Event<unknown>;
  };
}

/** A setting that names a Python. What an untrusted folder sets, VS Code itself leaves out. */
export function named(setting: string): string {
  return expanded(get<string>(setting) ?? '', os.homedir(), folder());
}

/** The Pythons that a trusted folder brings. In any other nothing that it holds or chooses is run. */
export function ofFolder(): Candidate[] {
  const root = folder();
  return vscode.workspace.isTrusted && root !== undefined ? inFolder(root, process.platform) : [];
}

/** The project's Python that the setting names. */
export async function fromSetting(): Promise<string | undefined> {
  const command = named('python.interpreter');
  // It may be a script that starts the real one, as those of pyenv are.
  return command ? ((await ask({ command, args: [], from: 'the setting' }))?.path ?? command) : undefined;
}

/** The one that is chosen in the Python extension; undefined where that is not installed. */
export async function chosen(): Promise<string | undefined> {
  const api = await pythonExtension();
  if (!api) {
    return undefined;
  }
  const active = api.environments.getActiveEnvironmentPath(vscode.workspace.workspaceFolders?.[0]?.uri);
  return (await api.environments.resolveEnvironment(active))?.executable.uri?.fsPath;
}

/** Calls back when another Python is chosen there. */
export async function onChosen(changed: () => void): Promise<vscode.Disposable | undefined> {
  return (await pythonExtension())?.environments.onDidChangeActiveEnvironmentPath(changed);
}

/** Left alone while the folder is not trusted, since the folder may choose for it. */
async function pythonExtension(): Promise<PythonExtension | undefined> {
  const extension = vscode.extensions.getExtension<PythonExtension>('ms-python.python');
  if (!extension || !vscode.workspace.isTrusted) {
    return undefined;
  }
  try {
    const api = await extension.activate();
    return api?.environments ? api : undefined;
  } catch {
    return undefined;
  }
}

function folder(): string | undefined {
  return vscode.workspace.workspaceFolders?.find((one) => one.uri.scheme === 'file')?.uri.fsPath;
}
