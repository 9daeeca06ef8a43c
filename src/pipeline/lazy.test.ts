import { expect, it } from 'vitest';
import { cancelled } from '#kit/abort.ts';
import { lazy } from './lazy.ts';

const never = new AbortController().signal;

it('makes once and shares', async () => {
  let made = 0;
  const value = lazy(async () => ++made);
  expect(await Promise.all([value.get(never), value.get(never)])).toEqual([1, 1]);
  expect(await value.get(never)).toBe(1);
});

it('tries again after a failure', async () => {
  let tries = 0;
  const value = lazy(async () => {
    if (++tries === 1) throw new Error('no luck');
    return 'made';
  });
  await expect(value.get(never)).rejects.toThrow('no luck');
  expect(await value.get(never)).toBe('made');
});

it('does not let one caller’s cancel fail another', async () => {
  const stop = new AbortController();
  const value = lazy(
    (signal) =>
      new Promise<string>((resolve, reject) => {
        if (signal === stop.signal) signal.addEventListener('abort', () => reject(cancelled(signal)));
        else resolve('made');
      }),
  );
  const first = value.get(stop.signal);
  const second = value.get(never);
  stop.abort();
  await expect(first).rejects.toMatchObject({ code: 'kit.cancelled' });
  expect(await second).toBe('made');
});

it('lets a caller leave who waits for what another is making', async () => {
  let finish = (_: string) => {};
  const value = lazy(() => new Promise<string>((resolve) => (finish = resolve)));
  const first = value.get(never);
  const stop = new AbortController();
  const second = value.get(stop.signal);
  stop.abort();
  await expect(second).rejects.toMatchObject({ code: 'kit.cancelled' });
  finish('made');
  expect(await first).toBe('made');
  expect(await value.get(never)).toBe('made');
});
