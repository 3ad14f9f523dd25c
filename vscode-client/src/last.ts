// The Python that ran the server the last time: with it nobody waits for a search. It is kept in a file, since VS Code's own
// memory of an extension is shared by all machines that a window is connected to.

import * as fs from 'node:fs/promises';
import * as path from 'node:path';

import type { Python, ServerSearch } from './pythons.ts';

interface Last {
  readonly python: Python;
  /** What the search looked at. */
  readonly where: string;
}

/** The Python that the same search found the last time; undefined where it is gone. */
export async function recall(folder: string, search: ServerSearch): Promise<Python | undefined> {
  try {
    const last = JSON.parse(await fs.readFile(file(folder), 'utf8')) as Last;
    if (last.where !== where(search)) {
      return undefined;
    }
    await fs.access(last.python.path);
    return last.python;
  } catch {
    return undefined;
  }
}

/** Keeps what a search has found, except a project's Python: it is another one in the next project. */
export async function remember(folder: string, search: ServerSearch, python: Python): Promise<void> {
  if (!search.project.some(({ from }) => from === python.from)) {
    await fs.mkdir(folder, { recursive: true });
    await fs.writeFile(file(folder), JSON.stringify({ python, where: where(search) } satisfies Last));
  }
}

function file(folder: string): string {
  return path.join(folder, 'python.json');
}

function where({ setting }: ServerSearch): string {
  return JSON.stringify([setting, process.env['PATH']]);
}
