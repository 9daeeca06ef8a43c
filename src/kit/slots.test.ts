import { expect, it } from 'vitest';
import { slots } from './slots.ts';

const signal = new AbortController().signal;

it('gives no more places than there are, in the order of asking', async () => {
  const places = slots(2);
  const order: number[] = [];
  const first = await places.take(signal);
  const second = await places.take(signal);
  const third = places.take(signal).then((leave) => {
    order.push(3);
    return leave;
  });
  const fourth = places.take(signal).then(() => order.push(4));
  await Promise.resolve();
  expect(order).toEqual([]);
  first();
  first();
  await third;
  expect(order).toEqual([3]);
  second();
  await fourth;
  expect(order).toEqual([3, 4]);
});

it('lets whoever is cancelled go, and gives its turn to the next', async () => {
  const places = slots(1);
  const leave = await places.take(signal);
  const stop = new AbortController();
  const cancelled = expect(places.take(stop.signal)).rejects.toMatchObject({ code: 'kit.cancelled' });
  const next = places.take(signal);
  stop.abort();
  await cancelled;
  leave();
  (await next)();
  await expect(places.take(stop.signal)).rejects.toMatchObject({ code: 'kit.cancelled' });
  (await places.take(signal))();
});
