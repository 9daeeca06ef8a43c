import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SensoriumError } from '#contract/error.ts';
import { fingerprint, openReplays, type Repeatable, type StoredAnswer } from './idempotency.ts';

const REPLAYED = { 'idempotent-replayed': 'true' };

function request(rest: Partial<Repeatable> = {}): Repeatable {
  return { caller: 'a', key: 'k', fingerprint: 'f', signal: new AbortController().signal, ...rest };
}

function answer(body: string | Uint8Array = 'hello', status = 200): StoredAnswer {
  return { status, headers: { 'content-type': 'text/plain' }, body };
}

/** Work that is done when told, and says how often it was begun. */
function slowWork() {
  const runs: { finish(answer: StoredAnswer): void; fail(error: unknown): void }[] = [];
  return {
    runs,
    work: () => new Promise<StoredAnswer>((finish, fail) => void runs.push({ finish, fail })),
  };
}

/** Work that is done at once. */
function quickWork(outcome: StoredAnswer | SensoriumError = answer()) {
  let runs = 0;
  return {
    get runs() {
      return runs;
    },
    work: async () => {
      runs += 1;
      if (outcome instanceof Error) throw outcome;
      return outcome;
    },
  };
}

it('does the work once and replays the same bytes', async () => {
  const replays = openReplays();
  const done = quickWork(answer(new Uint8Array([0, 255, 7])));
  expect(await replays.run(request(), done.work)).toEqual({ answer: answer(new Uint8Array([0, 255, 7])), headers: {} });
  expect(await replays.run(request(), done.work)).toEqual({
    answer: answer(new Uint8Array([0, 255, 7])),
    headers: REPLAYED,
  });
  expect(done.runs).toBe(1);
});

it('a repetition joins what is under way', async () => {
  const replays = openReplays();
  const { runs, work } = slowWork();
  const all = Array.from({ length: 5 }, () => replays.run(request(), work));
  expect(runs).toHaveLength(1);
  runs[0]?.finish(answer());
  expect((await Promise.all(all)).map(({ headers }) => headers)).toEqual([{}, REPLAYED, REPLAYED, REPLAYED, REPLAYED]);
});

it('refuses the key with another body, while it runs and afterwards', async () => {
  const replays = openReplays();
  const { runs, work } = slowWork();
  const first = replays.run(request(), work);
  const reused = expect.objectContaining({ code: 'server.key-reused' });
  await expect(replays.run(request({ fingerprint: 'g' }), work)).rejects.toEqual(reused);
  runs[0]?.finish(answer());
  await first;
  await expect(replays.run(request({ fingerprint: 'g' }), work)).rejects.toEqual(reused);
});

it('callers do not meet, whatever their keys are called', async () => {
  const replays = openReplays();
  const done = quickWork();
  for (const caller of ['a', 'b']) await replays.run(request({ caller }), done.work);
  expect(done.runs).toBe(2);
});

it('forgets after ten minutes', async () => {
  let nowMs = 1;
  const replays = openReplays({ clock: () => nowMs });
  const done = quickWork();
  await replays.run(request(), done.work);
  nowMs += 599_000;
  await replays.run(request(), done.work);
  expect(done.runs).toBe(1);
  nowMs += 2_000;
  await replays.run(request({ fingerprint: 'g' }), done.work);
  expect(done.runs).toBe(2);
});

it('keeps to its room: the oldest goes first', async () => {
  const replays = openReplays({ maxBytes: 10_000 });
  const done = quickWork(answer('x'.repeat(3_000)));
  for (const key of ['1', '2', '3']) await replays.run(request({ key }), done.work);
  await replays.run(request({ key: '3' }), done.work);
  expect(done.runs).toBe(3);
  await replays.run(request({ key: '1' }), done.work);
  expect(done.runs).toBe(4);
});

it('says that an answer over 1 MiB will not be replayed, and does not', async () => {
  const replays = openReplays();
  const done = quickWork(answer('x'.repeat(2 ** 20 + 1)));
  expect((await replays.run(request(), done.work)).headers).toEqual({ 'idempotent-stored': 'false' });
  await replays.run(request(), done.work);
  expect(done.runs).toBe(2);
});

describe('failures', () => {
  it.each([
    ['the caller’s own', new SensoriumError('media.broken', 'No.'), 1],
    ['a temporary one', new SensoriumError('ask.unreachable', 'No.'), 2],
    ['one that the operator can mend', new SensoriumError('ask.key-refused', 'No.'), 2],
    ['ours', new SensoriumError('us.bug', 'No.'), 2],
    ['too many requests', new SensoriumError('server.rate-limited', 'No.'), 2],
    ['a cancelled one', new SensoriumError('kit.cancelled', 'No.'), 2],
  ])('%s: done again or not', async (_what, error, runs) => {
    const replays = openReplays();
    const done = quickWork(error);
    for (let i = 0; i < 2; i++) await expect(replays.run(request(), done.work)).rejects.toBe(error);
    expect(done.runs).toBe(runs);
  });

  it('an answer that is a failure is not stored', async () => {
    const replays = openReplays();
    const done = quickWork(answer('no', 503));
    for (let i = 0; i < 2; i++) await replays.run(request(), done.work);
    expect(done.runs).toBe(2);
  });

  it('whoever joined shares a failure', async () => {
    const replays = openReplays();
    const { runs, work } = slowWork();
    const all = [replays.run(request(), work), replays.run(request(), work)];
    runs[0]?.fail(new SensoriumError('ask.unreachable', 'No.'));
    for (const one of all) await expect(one).rejects.toMatchObject({ code: 'ask.unreachable' });
    expect(runs).toHaveLength(1);
  });

  it('when the first client goes, one who joined does the work and the rest join him', async () => {
    const replays = openReplays();
    const { runs, work } = slowWork();
    const [first, ...others] = Array.from({ length: 4 }, () => replays.run(request(), work));
    runs[0]?.fail(new SensoriumError('kit.cancelled', 'Cancelled.'));
    await expect(first).rejects.toMatchObject({ code: 'kit.cancelled' });
    expect(runs).toHaveLength(2);
    runs[1]?.finish(answer());
    expect((await Promise.all(others)).map(({ answer: { body } }) => body)).toEqual(['hello', 'hello', 'hello']);
    expect(runs).toHaveLength(2);
  });

  it('when one who joined goes, the others do not notice', async () => {
    const replays = openReplays();
    const { runs, work } = slowWork();
    const gone = new AbortController();
    const first = replays.run(request(), work);
    const joined = replays.run(request({ signal: gone.signal }), work);
    gone.abort();
    await expect(joined).rejects.toMatchObject({ code: 'kit.cancelled' });
    runs[0]?.finish(answer());
    expect((await first).answer.body).toBe('hello');
  });
});

it.each(['', ' ', 'a b', 'ключ', 'x'.repeat(256), 'a\nb'])('refuses %j as a key', async (key) => {
  await expect(openReplays().run(request({ key }), quickWork().work)).rejects.toMatchObject({
    code: 'server.bad-request',
  });
});

it('two requests have the same fingerprint only if they are the same', () => {
  // Few letters, and those that lengths are written with, so that different cuts of the same text come up.
  const text = fc.string({ unit: fc.constantFrom('a', '1', ':'), maxLength: 3 });
  const pieces = fc.array(text, { maxLength: 3 });
  fc.assert(
    fc.property(text, pieces, text, pieces, (path, body, otherPath, otherBody) => {
      const same = JSON.stringify([path, ...body]) === JSON.stringify([otherPath, ...otherBody]);
      expect(fingerprint(path, ...body) === fingerprint(otherPath, ...otherBody)).toBe(same);
    }),
  );
  expect(fingerprint('/a', 'bc')).toBe(fingerprint('/a', Buffer.from('bc')));
  expect(fingerprint('/a', 'b', 'c')).not.toBe(fingerprint('/a', 'bc'));
});
