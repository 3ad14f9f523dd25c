import assert from 'node:assert/strict';
import { test } from 'node:test';

import { machineIn } from '../src/pyproject.ts';

test('the machine of the section is found', () => {
  assert.equal(machineIn('[tool.samedevice]\nmachine = "cpu"\n'), 'cpu');
  assert.equal(machineIn("[project]\nname = 'a'\n\n[tool.samedevice] # ours\ndevices = 1\nmachine='mps'\n\n[tool.ruff]\n"), 'mps');
  assert.equal(machineIn('[tool.samedevice]\r\nmachine = "cuda"\r\n'), 'cuda');
});

test('another section, or none, names no machine', () => {
  assert.equal(machineIn('[tool.samedevice]\ndevices = 1\n[tool.other]\nmachine = "cpu"\n'), undefined);
  assert.equal(machineIn('[tool.other]\nmachine = "cpu"\n'), undefined);
  assert.equal(machineIn('[tool.samedevice]\n# machine = "cpu"\n'), undefined);
  assert.equal(machineIn(''), undefined);
});
