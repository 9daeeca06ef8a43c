import fc from 'fast-check';
import { expect, it } from 'vitest';
import { keyNamed } from './__fixtures__/keyring.ts';
import { openRates, spelled } from './rates.ts';
import { slidingCount } from './window.ts';

const MINUTE_MS = 60_000;
const unlimited = { requestsPerMinute: null, requestsPerDay: null, requestsAtOnce: 1_000_000 };
const limited = expect.objectContaining({ code: 'server.rate-limited' });

function ratesAt(defaults: Partial<Parameters<typeof openRates>[0]>, startMs = 0) {
  let nowMs = startMs;
  const rates = openRates({ ...unlimited, ...defaults }, () => nowMs);
  const refusal = (key = keyNamed('a')): Record<string, unknown> | null => {
    try {
      rates.take(key)();
      return null;
    } catch (error) {
      return (error as { details: Record<string, unknown> }).details;
    }
  };
  return {
    rates,
    refusal,
    later: (ms: number) => {
      nowMs += ms;
    },
    now: () => nowMs,
  };
}

// Waits cluster where it hurts: nothing, next to a slot's edge, next to the window's edge, and far beyond.
const pauses = fc.array(
  fc.oneof(
    fc.constant(0),
    fc.double({ min: 0, max: 700, noNaN: true }),
    fc.double({ min: 59_000, max: 61_000, noNaN: true }),
    fc.double({ min: 0, max: 200_000, noNaN: true }),
  ),
  { minLength: 1, maxLength: 200 },
);

it('no window of a minute ever sees more than the limit, wherever it is laid', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12 }), fc.nat(1_000_000), pauses, (limit, startMs, waits) => {
      const { refusal, later, now } = ratesAt({ requestsPerMinute: limit }, startMs);
      const admittedMs: number[] = [];
      for (const wait of waits) {
        later(wait);
        if (refusal() === null) admittedMs.push(now());
      }
      return admittedMs.every(
        (at) => admittedMs.filter((other) => other >= at && other < at + MINUTE_MS).length <= limit,
      );
    }),
  );
});

it('whoever waits as told is admitted, and not told to wait more than a 120th too long', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12 }), fc.nat(1_000_000), pauses, (limit, startMs, waits) => {
      const { refusal, later, now } = ratesAt({ requestsPerMinute: limit }, startMs);
      const admittedMs: number[] = [];
      for (const wait of waits) {
        later(wait);
        const told = refusal();
        if (told === null) admittedMs.push(now());
        else {
          const needed = (admittedMs.at(-limit) ?? 0) + MINUTE_MS - now();
          const retryAfterMs = Number(told.retryAfterMs);
          expect(retryAfterMs).toBeGreaterThan(0);
          expect(retryAfterMs).toBeLessThanOrEqual(Math.ceil(needed + MINUTE_MS / 120));
          later(retryAfterMs);
          expect(refusal()).toBeNull();
          admittedMs.push(now());
        }
      }
    }),
  );
});

it('a count agrees with counting one by one, up to a slot', () => {
  fc.assert(
    fc.property(pauses, (waits) => {
      const window = slidingCount(MINUTE_MS);
      const addedMs: number[] = [];
      let now = 0;
      for (const wait of waits) {
        now += wait;
        const within = (ms: number) => addedMs.filter((at) => at > now - ms).length;
        const count = window.count(now);
        expect(count).toBeGreaterThanOrEqual(within(MINUTE_MS));
        expect(count).toBeLessThanOrEqual(within(MINUTE_MS + MINUTE_MS / 120 + 1e-6));
        window.add(now);
        addedMs.push(now);
      }
    }),
  );
});

it('the day is limited beside the minute', () => {
  const { refusal, later } = ratesAt({ requestsPerMinute: 2, requestsPerDay: 3 });
  expect([refusal(), refusal()]).toEqual([null, null]);
  expect(refusal()).toMatchObject({ limit: 'requests per minute', allowed: 2 });
  later(2 * MINUTE_MS);
  expect(refusal()).toBeNull();
  later(2 * MINUTE_MS);
  const told = refusal();
  expect(told).toMatchObject({ limit: 'requests per day', allowed: 3 });
  later(Number(told?.retryAfterMs));
  expect(refusal()).toBeNull();
});

it('refusals are not counted', () => {
  const { refusal, later } = ratesAt({ requestsPerMinute: 1 });
  expect(refusal()).toBeNull();
  for (let second = 0; second < 60; second++) {
    later(1_000);
    refusal();
  }
  later(1_000);
  expect(refusal()).toBeNull();
});

it('at once: as many as allowed, each given back exactly once', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), fc.array(fc.nat(20), { maxLength: 100 }), (limit, steps) => {
      const { rates } = ratesAt({ requestsAtOnce: limit });
      const key = keyNamed('a');
      const ends: (() => void)[] = [];
      const open = new Set<() => void>();
      for (const step of steps) {
        if (step < 10) {
          if (open.size >= limit) expect(() => rates.take(key)).toThrow(limited);
          else {
            const end = rates.take(key);
            ends.push(end);
            open.add(end);
          }
        } else {
          // Any of them, ended before or not.
          const end = ends[step % Math.max(1, ends.length)];
          end?.();
          if (end) open.delete(end);
        }
      }
    }),
  );
});

it('a key’s own limits go before the server’s, and keys do not share', () => {
  const { rates, refusal } = ratesAt({ requestsPerMinute: 1, requestsAtOnce: 1 });
  expect(refusal(keyNamed('a'))).toBeNull();
  expect(refusal(keyNamed('a'))).not.toBeNull();
  expect(refusal(keyNamed('b'))).toBeNull();
  const wide = keyNamed('c', { requestsPerMinute: 3, requestsAtOnce: 2 });
  rates.take(wide);
  rates.take(wide);
  expect(() => rates.take(wide)).toThrow(limited);
});

it('says where the key stands, as the reference API does', () => {
  const { rates, refusal, later } = ratesAt({ requestsPerMinute: 10, requestsPerDay: 11 });
  const key = keyNamed('a');
  expect(rates.headers(key)).toEqual({
    'x-ratelimit-limit-requests': '10',
    'x-ratelimit-remaining-requests': '10',
    'x-ratelimit-reset-requests': '0ms',
  });
  refusal();
  later(250);
  expect(rates.headers(key)).toEqual({
    'x-ratelimit-limit-requests': '10',
    'x-ratelimit-remaining-requests': '9',
    'x-ratelimit-reset-requests': '1m0.25s',
  });
  later(2 * MINUTE_MS);
  for (let i = 0; i < 9; i++) refusal();
  later(2 * MINUTE_MS);
  expect(rates.headers(key)).toMatchObject({
    'x-ratelimit-limit-requests': '11',
    'x-ratelimit-remaining-requests': '1',
  });
  expect(ratesAt({}).rates.headers(key)).toEqual({});
});

it.each([
  [0, '0ms'],
  [20, '20ms'],
  [999.2, '1s'],
  [1_250, '1.25s'],
  [60_000, '1m0s'],
  [3_600_000, '1h0m0s'],
  [86_399_999, '23h59m59.999s'],
])('spells %d ms as %s', (ms, text) => {
  expect(spelled(ms)).toBe(text);
});
