import assert from 'node:assert/strict';
import { test } from 'node:test';

import { linked } from '../src/links.ts';

function link(file: string, line: number, name: string): string {
  return `<a href="command:go?${encodeURIComponent(JSON.stringify([file, line]))}">${name}, line ${line}</a>`;
}

test('a place in a file becomes a link', () => {
  assert.equal(linked('<p>see /w/my net/train.py:38: x = 1</p>', 'go'), `<p>see ${link('/w/my net/train.py', 38, 'train.py')} x = 1</p>`);
  assert.equal(linked('<li>/w/a.ipynb:72: called here</li>', 'go'), `<li>${link('/w/a.ipynb', 72, 'a.ipynb')} called here</li>`);
  assert.equal(linked('C:\\net\\train.py:3', 'go'), link('C:\\net\\train.py', 3, 'train.py'));
});

test('each of several places does', () => {
  assert.equal(linked('/a.py:1: b\n/c.py:2', 'go'), `${link('/a.py', 1, 'a.py')} b\n${link('/c.py', 2, 'c.py')}`);
});

test('what is a link already, or no place, stays', () => {
  const text = '<a href="/w/train.py:3">x</a>, train.py:38, https://example.org/a.py:80, `x[1:2]`, a / b.py';
  assert.equal(linked(text, 'go'), text);
});
