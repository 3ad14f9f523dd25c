// Asks a Python who it is, by running it without the project's or the user's packages.

import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';

import { answered, QUESTION, type Candidate, type Python } from './pythons.ts';

const PATIENCE = 10_000;

/** What a Python says of itself; undefined where there is none, or it does not answer. */
export function ask(candidate: Candidate): Promise<Python | undefined> {
  if (path.isAbsolute(candidate.command) && !fs.existsSync(candidate.command)) {
    return Promise.resolve(undefined);
  }
  // -I and -S: neither the current folder nor any site-packages can add code of theirs, and it is quick.
  const args = [...candidate.args, '-I', '-S', '-c', QUESTION];
  return new Promise((resolve) => {
    execFile(candidate.command, args, { timeout: PATIENCE, windowsHide: true }, (error, stdout) => {
      resolve(error ? undefined : answered(stdout, candidate.from));
    });
  });
}
