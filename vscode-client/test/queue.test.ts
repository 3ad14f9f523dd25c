import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Queue } from '../src/queue.ts';

function gate(): { readonly open: () => void; readonly opened: Promise<void> } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open, opened };
}

test('jobs never overlap and keep their order', async () => {
  const queue = new Queue();
  const seen: string[] = [];
  const { open, opened } = gate();
  const first = queue.run(async () => {
    seen.push('first begins');
    await opened;
    seen.push('first ends');
  });
  const second = queue.run(async () => void seen.push('second'));
  open();
  await Promise.all([first, second]);
  assert.deepEqual(seen, ['first begins', 'first ends', 'second']);
});

test('a job that already waits is not queued twice', async () => {
  const queue = new Queue();
  const { open, opened } = gate();
  let times = 0;
  const again = async (): Promise<void> => void (times += 1);
  void queue.run(() => opened);
  const both = [queue.run(again), queue.run(again), queue.run(again)];
  open();
  await Promise.all(both);
  assert.equal(times, 1);
});

test('a job asked for while it runs is done once more, since what it looked at may have changed', async () => {
  const queue = new Queue();
  const { open, opened } = gate();
  let times = 0;
  const job = async (): Promise<void> => {
    times += 1;
    await opened;
  };
  const first = queue.run(job);
  await new Promise(setImmediate);
  const second = queue.run(job);
  open();
  await Promise.all([first, second]);
  assert.equal(times, 2);
});

test('a failed job tells who asked, and does not hold up the next one', async () => {
  const queue = new Queue();
  const failed = queue.run(() => Promise.reject(new Error('no')));
  const next = queue.run(async () => undefined);
  await assert.rejects(failed, /no/);
  await next;
  await queue.idle();
});

test('idle waits for what was added meanwhile', async () => {
  const queue = new Queue();
  const { open, opened } = gate();
  let done = false;
  void queue.run(async () => {
    void queue.run(async () => {
      await opened;
      done = true;
    });
  });
  setTimeout(open, 5);
  await queue.idle();
  assert.equal(done, true);
});
