import assert from 'node:assert/strict';
import { test } from 'node:test';

import { errorIn } from '../src/pasted.ts';

const ERROR = 'RuntimeError: Expected all tensors to be on the same device, but found at least two devices, cuda:0 and cpu!';
const TRACEBACK = `Traceback (most recent call last):
  File "train.py", line 43, in evaluate
    y = torch.add(x, w)
        ^^^^^^^^^^^^^^^
${ERROR}`;

test('a traceback is found as it is', () => {
  assert.equal(errorIn(TRACEBACK), TRACEBACK);
});

test('what a terminal has around it is left out', () => {
  const text = `me@box:~/net$ python train.py\nepoch 1: 0.3\n${TRACEBACK}\nme@box:~/net$ \n`;
  assert.equal(errorIn(text), TRACEBACK);
});

test('a prompt with an environment ends the message', () => {
  assert.equal(errorIn(`${TRACEBACK}\n(venv) me@box % ls`), TRACEBACK);
});

test('colours are taken off', () => {
  const coloured = TRACEBACK.replace('Traceback', '\u001b[1mTraceback').replace('RuntimeError', '\u001b[31;1mRuntimeError\u001b[0m');
  assert.equal(errorIn(coloured), TRACEBACK);
});

test('links of a terminal are taken off', () => {
  const linked = TRACEBACK.replace('train.py', '\u001b]8;;file:///w/train.py\u0007train.py\u001b]8;;\u0007');
  assert.equal(errorIn(linked), TRACEBACK);
});

test('Windows line ends do not matter', () => {
  assert.equal(errorIn(TRACEBACK.replaceAll('\n', '\r\n')), TRACEBACK);
});

test('what a launcher puts before each line is taken off', () => {
  const text = TRACEBACK.split('\n').map((line) => `[rank0]: ${line}`).join('\n');
  assert.equal(errorIn(text), TRACEBACK);
});

test('of several errors the last one counts', () => {
  const other = TRACEBACK.replace('line 43', 'line 7');
  assert.equal(errorIn(`${other}\n\nDuring handling of the above exception, another exception occurred:\n\n${TRACEBACK}`), TRACEBACK);
});

test('a message of several lines is kept whole', () => {
  const text = `${TRACEBACK}\nCUDA kernel errors might be asynchronously reported at some other API call.\nFor debugging consider passing CUDA_LAUNCH_BLOCKING=1.`;
  assert.equal(errorIn(`${text}\n\nnext`), text);
});

test('an error without a traceback is found too', () => {
  assert.equal(errorIn(`loading …\n${ERROR}\n`), ERROR);
  assert.equal(errorIn(`torch.cuda.OutOfMemoryError: CUDA out of memory.`), 'torch.cuda.OutOfMemoryError: CUDA out of memory.');
});

test('a traceback that is cut off before its error is still one', () => {
  const cut = TRACEBACK.split('\n').slice(0, 3).join('\n');
  assert.equal(errorIn(cut), cut);
});

test('other texts are none', () => {
  assert.equal(errorIn(''), '');
  assert.equal(errorIn('x = torch.zeros(3)\nError handling is for later'), '');
  assert.equal(errorIn('https://example.org/a?b=c'), '');
});
