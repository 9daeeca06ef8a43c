import { expect, it } from 'vitest';
import { lossOf } from '#contract/loss.ts';
import { cancelled } from '#kit/abort.ts';
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
  const events = travel(
    async (trip) => {
      trip.emit({ kind: 'text-delta', text: 'a' });
      await new Promise((resolve) => trip.signal.addEventListener('abort', resolve));
      await new Promise((resolve) => setTimeout(resolve, 10));
      letGo = true;
    },
    { signal: outer.signal },
  );
  for await (const _event of events) {
    if (how === 'leaving early') break;
    outer.abort();
  }
  expect(letGo).toBe(true);
});

it('ends at the first loss where none is allowed, also when the story goes on regardless', async () => {
  const seen: string[] = [];
  const told = (async () => {
    for await (const event of travel(async (trip) => trip.context.note(loss), { forbidLoss: true }))
      seen.push(event.kind);
  })();
  await expect(told).rejects.toMatchObject({ code: 'ledger.loss-forbidden', details: { kind: 'clipped' } });
  expect(seen).toEqual(['loss-noted']);
});

it('ends a stage that takes too long, and says what became of each part', async () => {
  const fate = { part: 'part-1', kind: null, name: null, fate: 'not-reached', reason: 'too early' } as const;
  const timeouts = { media: 0.02, probe: 1, perceive: 1, ask: 1, speak: 1, embed: 1 };
  const told = collect(
    travel(
      (trip) =>
        trip.stage('media', async () => {
          trip.fates.set('part-1', fate);
          await new Promise((resolve) => trip.signal.addEventListener('abort', resolve));
          throw cancelled(trip.signal);
        }),
      { timeouts },
    ),
  );
  await expect(told).rejects.toMatchObject({ code: 'pipeline.timed-out', details: { stage: 'media' }, fates: [fate] });
});

it('lets a writer wait for a slow reader', async () => {
  let written = 0;
  for await (const _event of travel(async (trip) => {
    for (; written < 1_000; written++) {
      trip.emit({ kind: 'text-delta', text: 'a' });
      await trip.room();
    }
  })) {
    await new Promise((resolve) => setImmediate(resolve));
    if (written < 1_000) expect(written).toBeLessThan(200);
    if (written > 150) break;
  }
});
