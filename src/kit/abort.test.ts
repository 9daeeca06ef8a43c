import { expect, it } from 'vitest';
import { orCancelled } from './abort.ts';

it('settles as the promise does', async () => {
  const { signal } = new AbortController();
  expect(await orCancelled(Promise.resolve(1), signal)).toBe(1);
  await expect(orCancelled(Promise.reject(new Error('no')), signal)).rejects.toThrow('no');
});

it.each(['before', 'while waiting'])(
  'fails at once when cancelled %s, and a late failure harms nobody',
  async (when) => {
    const unhandled: unknown[] = [];
    const listen = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', listen);
    const stop = new AbortController();
    if (when === 'before') stop.abort();
    else setTimeout(() => stop.abort(), 5);
    const late = new Promise((_, reject) => setTimeout(() => reject(new Error('late')), 20));
    await expect(orCancelled(late, stop.signal)).rejects.toMatchObject({ code: 'kit.cancelled' });
    await new Promise((resolve) => setTimeout(resolve, 40));
    process.off('unhandledRejection', listen);
    expect(unhandled).toEqual([]);
  },
);
