// Which Python runs the server: the order in which to look, and what counts as found.

import * as path from 'node:path';

/** The oldest Python that the server runs on. */
export const OLDEST = [3, 10] as const;

/** A Python that may or may not be there. */
export interface Candidate {
  readonly command: string;
  readonly args: readonly string[];
  /** Where the name comes from, in words that can follow "from". */
  readonly from: string;
}

/** A Python that answered. */
export interface Python {
  readonly path: string;
  readonly version: readonly [number, number, number];
  readonly from: string;
}

/** What a Python says of itself; undefined where it is none. */
export type Ask = (candidate: Candidate) => Promise<Python | undefined>;

/** Why no Python was found. */
export class NoPython extends Error {}

/** Printed by a Python as the answer to who it is. Written for any Python, so that an old one can answer too. */
export const QUESTION =
  'import sys; sys.stdout.write("samedevice %d %d %d " % sys.version_info[:3] + sys.executable)';

/** Reads what a Python printed. */
export function answered(text: string, from: string): Python | undefined {
  const match = /^samedevice (\d+) (\d+) (\d+) (.+)$/m.exec(text);
  if (!match) {
    return undefined;
  }
  return { path: match[4]!.trim(), version: [Number(match[1]), Number(match[2]), Number(match[3])], from };
}

export function isNewEnough(version: readonly number[]): boolean {
  const [major = 0, minor = 0] = version;
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

/** The Pythons of the machine, the one its owner most likely means first. */
export function onMachine(platform: NodeJS.Platform): Candidate[] {
  const from = 'PATH';
  const names = ['python3', 'python'];
  for (let minor = 15; minor >= OLDEST[1]; minor -= 1) {
    names.push(`python3.${minor}`);
  }
  const found: Candidate[] = names.map((command) => ({ command, args: [], from }));
  if (platform === 'win32') {
    // The names above are a link to the shop where no Python was installed from it.
    found.unshift({ command: 'py', args: ['-3'], from: 'the Python launcher' });
  }
  if (platform === 'darwin') {
    // An editor started from the Dock may have a shorter PATH than a terminal.
    for (const folder of ['/opt/homebrew/bin', '/usr/local/bin']) {
      found.push({ command: `${folder}/python3`, args: [], from: folder });
    }
  }
  return found;
}

/** The Python of an environment's folder. */
export function inEnvironment(folder: string, platform: NodeJS.Platform): string {
  return platform === 'win32'
    ? path.win32.join(folder, 'Scripts', 'python.exe')
    : path.posix.join(folder, 'bin', 'python');
}

/** The environments that may stand in a project's folder. */
export function inFolder(folder: string, platform: NodeJS.Platform): Candidate[] {
  return ['.venv', 'venv'].map((name) => ({
    command: inEnvironment(path.join(folder, name), platform),
    args: [],
    from: `${name} of the folder`,
  }));
}

/** A path as a user writes it, with `~` and `${workspaceFolder}`. */
export function expanded(written: string, home: string, folder: string | undefined): string {
  let text = written.trim();
  if (folder !== undefined) {
    text = text.replaceAll('${workspaceFolder}', folder);
  }
  return text === '~' || /^~[/\\]/.test(text) ? home + text.slice(1) : text;
}

/** Where to look for the Python that runs the server. */
export interface ServerSearch {
  readonly setting: string;
  readonly machine: readonly Candidate[];
  /** Those of the project: only where nothing else is there, since what it pins is not ours to depend on. */
  readonly project: readonly Candidate[];
}

/** The Python that runs the server; what the user set counts alone, and is never replaced by something else. */
export async function forServer(search: ServerSearch, ask: Ask): Promise<Python> {
  if (search.setting) {
    const from = 'the setting samedevice.server.python';
    const found = await ask({ command: search.setting, args: [], from });
    if (!found) {
      throw new NoPython(`The setting samedevice.server.python names ${search.setting}, which is no Python that runs.`);
    }
    if (!isNewEnough(found.version)) {
      throw new NoPython(
        `The setting samedevice.server.python names Python ${found.version.join('.')}; ` +
          `SameDevice needs ${OLDEST.join('.')} or newer.`,
      );
    }
    return found;
  }
  const old = new Set<string>();
  for (const candidate of [...search.machine, ...search.project]) {
    const found = await ask(candidate);
    if (found && isNewEnough(found.version)) {
      return found;
    }
    if (found) {
      old.add(found.version.join('.'));
    }
  }
  const seen = old.size > 0 ? ` (found only ${[...old].join(', ')})` : '';
  throw new NoPython(
    `SameDevice needs Python ${OLDEST.join('.')} or newer to run${seen}: install one, ` +
      'or name one in the setting samedevice.server.python.',
  );
}
