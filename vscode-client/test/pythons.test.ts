import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';

import { ask } from '../src/ask.ts';
import {
  answered,
  type Ask,
  type Candidate,
  expanded,
  forServer,
  inFolder,
  isNewEnough,
  NoPython,
  onMachine,
  type Python,
} from '../src/pythons.ts';

const candidate = (command: string, from = 'PATH'): Candidate => ({ command, args: [], from });

/** A machine with these Pythons, and a list of what was asked. */
function machine(versions: Record<string, [number, number, number]>): { readonly ask: Ask; readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    ask: async ({ command, from }): Promise<Python | undefined> => {
      asked.push(command);
      const version = versions[command];
      return version && { path: `/real/${command}`, version, from };
    },
  };
}

const nothing = { setting: '', machine: [], project: [] };

test('the setting counts alone', async () => {
  const { ask, asked } = machine({ mine: [3, 12, 1], python3: [3, 13, 0] });
  const found = await forServer({ ...nothing, setting: 'mine', machine: [candidate('python3')] }, ask);
  assert.equal(found.path, '/real/mine');
  assert.deepEqual(asked, ['mine']);
});

test('a setting that names no Python is said, and nothing else is taken in its place', async () => {
  const { ask } = machine({ python3: [3, 13, 0] });
  const search = { ...nothing, setting: '/gone/python', machine: [candidate('python3')] };
  await assert.rejects(forServer(search, ask), (error: Error) => error instanceof NoPython && /\/gone\/python/.test(error.message));
});

test('a setting that names an old Python is said with its version', async () => {
  const { ask } = machine({ old: [3, 8, 2] });
  await assert.rejects(forServer({ ...nothing, setting: 'old' }, ask), /Python 3\.8\.2; SameDevice needs 3\.10 or newer/);
});

test('the machine comes before the project', async () => {
  const { ask } = machine({ python3: [3, 11, 2], '/p/.venv/bin/python': [3, 12, 0] });
  const search = { ...nothing, machine: [candidate('python3')], project: [candidate('/p/.venv/bin/python', '.venv of the folder')] };
  assert.equal((await forServer(search, ask)).path, '/real/python3');
});

test('an old Python is passed over, and the project helps out', async () => {
  const { ask, asked } = machine({ python3: [3, 9, 6], '/p/.venv/bin/python': [3, 10, 0] });
  const search = {
    ...nothing,
    machine: [candidate('python3'), candidate('python')],
    project: [candidate('/p/.venv/bin/python', '.venv of the folder')],
  };
  const found = await forServer(search, ask);
  assert.equal(found.from, '.venv of the folder');
  assert.deepEqual(asked, ['python3', 'python', '/p/.venv/bin/python']);
});

test('without any Python one sentence says what to do, and what was seen', async () => {
  const { ask } = machine({ python3: [3, 9, 6], python: [2, 7, 18] });
  const search = { ...nothing, machine: [candidate('python3'), candidate('python')] };
  await assert.rejects(forServer(search, ask), {
    message:
      'SameDevice needs Python 3.10 or newer to run (found only 3.9.6, 2.7.18): install one, ' +
      'or name one in the setting samedevice.server.python.',
  });
  await assert.rejects(forServer(nothing, ask), /needs Python 3\.10 or newer to run: install one/);
});

test('versions are numbers, not texts', () => {
  assert.ok(isNewEnough([3, 10, 0]));
  assert.ok(isNewEnough([3, 100, 0]));
  assert.ok(isNewEnough([4, 0, 0]));
  assert.ok(!isNewEnough([3, 9, 18]));
  assert.ok(!isNewEnough([2, 17, 0]));
});

test('plain names come first, the launcher before them on Windows', () => {
  assert.deepEqual(onMachine('linux').slice(0, 2).map(({ command }) => command), ['python3', 'python']);
  assert.deepEqual(onMachine('win32')[0], { command: 'py', args: ['-3'], from: 'the Python launcher' });
  assert.ok(onMachine('darwin').some(({ command }) => command === '/opt/homebrew/bin/python3'));
  assert.ok(!onMachine('linux').some(({ command }) => command === 'python3.9'));
});

test("an environment's Python is where the platform has it", () => {
  assert.equal(inFolder('/w', 'linux')[0]?.command, path.posix.join('/w', '.venv', 'bin', 'python'));
  assert.match(inFolder('C:\\w', 'win32')[1]!.command, /venv\\Scripts\\python\.exe$/);
});

test('paths may be written with ~ and the folder', () => {
  assert.equal(expanded(' ~/env/bin/python ', '/home/me', undefined), '/home/me/env/bin/python');
  assert.equal(expanded('${workspaceFolder}/.venv/bin/python', '/home/me', '/w'), '/w/.venv/bin/python');
  assert.equal(expanded('~other/python', '/home/me', '/w'), '~other/python');
  assert.equal(expanded('', '/home/me', '/w'), '');
});

test('what a Python says is read, whatever else it prints', () => {
  assert.deepEqual(answered('samedevice 3 12 4 /usr/bin/python3', 'PATH'), {
    path: '/usr/bin/python3',
    version: [3, 12, 4],
    from: 'PATH',
  });
  assert.equal(answered('hello\nsamedevice 3 12 4 C:\\Program Files\\py.exe\r\n', 'PATH')?.path, 'C:\\Program Files\\py.exe');
  assert.equal(answered('Python was not found; run without arguments to install from the Microsoft Store', 'PATH'), undefined);
});

test("the machine's Python is asked, and tells where it is", async () => {
  const real = execFileSync('python3', ['-c', 'import sys; print(*sys.version_info[:3])'], { encoding: 'utf8' });
  const found = await ask(candidate('python3'));
  assert.deepEqual(found?.version, real.trim().split(' ').map(Number));
  assert.ok(path.isAbsolute(found.path));
});

test('what is no Python is none', async () => {
  assert.equal(await ask(candidate('/nowhere/python')), undefined);
  assert.equal(await ask(candidate('samedevice-no-such-program')), undefined);
  assert.equal(await ask(candidate(process.execPath)), undefined);
});
