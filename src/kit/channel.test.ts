import { expect, it } from 'vitest';
import { channel } from './channel.ts';

it('gives what was pushed, in order, also what was pushed before anyone read', async () => {
  const line = channel<number>();
  line.push(1);
  setTimeout(() => {
    line.push(2);
    line.end();
  }, 1);
  const seen: number[] = [];
  for await (const value of line) seen.push(value);
  expect(seen).toEqual([1, 2]);
});

it('drains before it fails', async () => {
  const line = channel<number>();
  line.push(1);
  line.fail(new Error('gone'));
  const seen: number[] = [];
  await expect(
    (async () => {
      for await (const value of line) seen.push(value);
    })(),
  ).rejects.toThrow('gone');
  expect(seen).toEqual([1]);
});
