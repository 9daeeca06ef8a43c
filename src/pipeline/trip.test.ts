import { expect, it } from 'vitest';
import { lossOf } from '#contract/loss.ts';
import { travel } from './trip.ts';

const loss = lossOf({ kind: 'clipped', stage: 'probe', message: 'loud' });

async function collect<T>(events: AsyncIterable<T>): Promise<T[]> {
  const seen: T[] = [];
  for await (const event of events) seen.push(event);
  return seen;
}

it('announces every loss and keeps it', async () => {
  let kept: readonly unknown[] = [];
  const events = await collect(
    travel(async (trip) => {
      trip.context.note(loss);
      trip.emit({ kind: 'text-end', text: 'x' });
      kept = trip.losses;
    }),
  );
  expect(events.map(({ kind }) => kind)).toEqual(['loss-noted', 'text-end']);
  expect(kept).toEqual([loss]);
});

it('ends with the story’s error after the events before it', async () => {
  const seen: string[] = [];
  const told = (async () => {
    for await (const event of travel(async (trip) => {
      trip.emit({ kind: 'text-delta', text: 'a' });
      throw new Error('broken');
    }))
      seen.push(event.kind);
  })();
  await expect(told).rejects.toThrow('broken');
  expect(seen).toEqual(['text-delta']);
});

it.each(['leaving early', 'the outer signal'])('stops the story by %s and waits until it has let go', async (how) => {
  const outer = new AbortController();
  let letGo = false;
  const events = travel(async (trip) => {
    trip.emit({ kind: 'text-delta', text: 'a' });
    await new Promise((resolve) => trip.signal.addEventListener('abort', resolve));
    await new Promise((resolve) => setTimeout(resolve, 10));
    letGo = true;
  }, outer.signal);
  for await (const _event of events) {
    if (how === 'leaving early') break;
    outer.abort();
  }
  expect(letGo).toBe(true);
});
