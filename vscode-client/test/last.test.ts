import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';

import { recall, remember } from '../src/last.ts';
import type { Python, ServerSearch } from '../src/pythons.ts';

const search: ServerSearch = { setting: '', machine: [], project: [] };
// A file that exists will do for a Python.
const python: Python = { path: process.execPath, version: [3, 12, 1], from: 'PATH' };

async function folder(context: TestContext): Promise<string> {
  const made = await fs.mkdtemp(path.join(os.tmpdir(), 'samedevice-'));
  context.after(() => fs.rm(made, { recursive: true }));
  return path.join(made, 'not there yet');
}

test('what a search found is there the next time', async (context) => {
  const storage = await folder(context);
  assert.equal(await recall(storage, search), undefined);
  await remember(storage, search, python);
  assert.deepEqual(await recall(storage, search), python);
});

test('another setting or another PATH is another search', async (context) => {
  const storage = await folder(context);
  await remember(storage, search, python);
  assert.equal(await recall(storage, { ...search, setting: '/opt/python' }), undefined);
  const before = process.env['PATH'];
  context.after(() => (process.env['PATH'] = before));
  process.env['PATH'] = `/new${path.delimiter}${before}`;
  assert.equal(await recall(storage, search), undefined);
});

test('a Python that is gone is not started', async (context) => {
  const storage = await folder(context);
  await remember(storage, search, { ...python, path: path.join(storage, 'gone') });
  assert.equal(await recall(storage, search), undefined);
});

test("a project's Python is looked for each time, since trust may have gone", async (context) => {
  const storage = await folder(context);
  const project = [{ command: python.path, args: [], from: '.venv of the folder' }];
  await remember(storage, { ...search, project }, { ...python, from: '.venv of the folder' });
  assert.equal(await recall(storage, { ...search, project }), undefined);
});

test('a file that is half written is no memory', async (context) => {
  const storage = await folder(context);
  await remember(storage, search, python);
  await fs.writeFile(path.join(storage, 'python.json'), '{"python": {"path"');
  assert.equal(await recall(storage, search), undefined);
});
