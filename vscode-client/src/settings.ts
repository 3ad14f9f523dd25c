// The settings of the section `samedevice`.

import * as vscode from 'vscode';

export const SECTION = 'samedevice';

/** The settings that are the server's: all but those that say which Pythons to use. */
export function ofServer(): Record<string, unknown> {
  const all = vscode.workspace.getConfiguration().get<Record<string, unknown>>(SECTION) ?? {};
  return Object.fromEntries(Object.entries(all).filter(([name]) => name !== 'python' && name !== 'server'));
}

export function get<T>(name: string): T | undefined {
  return vscode.workspace.getConfiguration(SECTION).get<T>(name);
}

/** Writes a setting where it holds: for the workspace where one is open, else for the user. */
export async function set(name: string, value: unknown): Promise<void> {
  const target = vscode.workspace.workspaceFolders ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global;
  await vscode.workspace.getConfiguration(SECTION).update(name, value, target);
}
