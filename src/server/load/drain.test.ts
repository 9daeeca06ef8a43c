import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openDrain } from './drain.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Whether a promise has settled by now. */
async function isDone(promise: Promise<unknown>): Promise<boolean> {
  const open = Symbol('open');
  await vi.advanceTimersByTimeAsync(0);
  return (await Promise.race([promise, Promise.resolve(open)])) !== open;
}

it('is ready between opening and draining, and takes nothing new afterwards', async () => {
  const drain = openDrain();
  expect(drain.ready).toBe(false);
  drain.open();
  expect(drain.ready).toBe(true);
  expect(await drain.drain(1_000)).toEqual({ aborted: 0 });
  expect(drain.ready).toBe(false);
  drain.open();
  expect(drain.ready).toBe(false);
  expect(() => drain.begin(new AbortController())).toThrow(
    expect.objectContaining({ code: 'server.shutting-down', retryable: true }),
  );
});

it('waits for the last running request and aborts nobody', async () => {
  const drain = openDrain();
  drain.open();
  const stops = [new AbortController(), new AbortController()];
  const ends = stops.map((stop) => drain.begin(stop));
  const drained = drain.drain(30_000);
  ends[0]?.();
  ends[0]?.();
  expect(await isDone(drained)).toBe(false);
  expect(drain.running).toBe(1);
  ends[1]?.();
  expect(await drained).toEqual({ aborted: 0 });
  expect(stops.some(({ signal }) => signal.aborted)).toBe(false);
  expect(vi.getTimerCount()).toBe(0);
});

it('aborts what takes too long, with the reason, and waits until it has said so', async () => {
  const drain = openDrain();
  drain.open();
  const late = new AbortController();
  const end = drain.begin(late);
  const drained = drain.drain(30_000);
  await vi.advanceTimersByTimeAsync(29_999);
  expect(late.signal.aborted).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(late.signal.reason).toMatchObject({ code: 'server.shutting-down' });
  expect(await isDone(drained)).toBe(false);
  end();
  expect(await drained).toEqual({ aborted: 1 });
});

it('ends even when a request never does, and says the same to everyone who asked', async () => {
  const drain = openDrain();
  drain.open();
  drain.begin(new AbortController());
  const [first, second] = [drain.drain(0), drain.drain(30_000)];
  await vi.advanceTimersByTimeAsync(2_000);
  expect(await Promise.all([first, second])).toEqual([{ aborted: 1 }, { aborted: 1 }]);
});
