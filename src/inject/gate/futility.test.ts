import { expect, it } from 'vitest';
import { randomFrom } from '#score/index.ts';
import { checkBehaviour } from './check-behaviour.ts';
import { gaussianOf } from './families/table.ts';
import { isFutile, studentQuantile, tOf } from './futility.ts';
import { informationOf } from './information.ts';

const TOTAL = 64;
const TEXT_GAIN = 4.5;

/** Gates of components whose gain has this mean (as a share of text) and deviation, read to the end and read with stops. */
function simulate(share: number, deviation: number, runs: number, seed: number) {
  const gaussian = gaussianOf(randomFrom(seed));
  const counts = { passed: 0, stoppedAlthough: 0, stopped: 0, items: 0 };
  for (let run = 0; run < runs; run++) {
    const text = Array.from({ length: TOTAL }, () => TEXT_GAIN + 0.9 * gaussian());
    const gains = text.map(() => share * TEXT_GAIN + deviation * gaussian());
    let at = 1;
    while (at < TOTAL && !isFutile(gains.slice(0, at), text, TOTAL)) at += 1;
    const stopped = at < TOTAL;
    // Where t is high enough the lower bound is as well; the bootstrap is done where it matters.
    const passes =
      tOf(gains) >= 5 && (!stopped || checkBehaviour(informationOf(gains, text), TOTAL).outcome === 'passed');
    counts.items += at;
    if (passes) counts.passed += 1;
    if (stopped) counts.stopped += 1;
    if (stopped && passes) counts.stoppedAlthough += 1;
  }
  return { ...counts, itemsMean: counts.items / runs };
}

it('stops useless components early and lets none in', () => {
  for (const [at, deviation] of [0.1, 0.3, 0.6, 2].entries()) {
    const found = simulate(0, deviation, 400, at + 1);
    console.log(`useless, deviation ${deviation}: ${JSON.stringify(found)}`);
    expect(found.passed).toBe(0);
    expect(found.stopped).toBe(400);
    expect(found.itemsMean).toBeLessThan(16);
  }
});

it('hardly ever stops what would have passed', () => {
  for (const [at, [share, deviation]] of (
    [
      [0.3, 0.9],
      [0.3, 1.6],
      [0.5, 1],
      [0.6, 2],
      [1, 0.9],
    ] as const
  ).entries()) {
    const found = simulate(share, deviation, 250, at + 11);
    console.log(`share ${share}, deviation ${deviation}: ${JSON.stringify(found)}`);
    expect(found.stoppedAlthough / Math.max(1, found.passed)).toBeLessThanOrEqual(0.02);
    if (share >= 0.5 && deviation <= 1) expect(found.passed).toBe(250);
  }
});

it('never looks before there is a deviation to speak of, nor after the last item', () => {
  expect(isFutile([0, 0, 0, 0, 0], [4, 4, 4, 4, 4], TOTAL)).toBe(false);
  const none = Array.from({ length: TOTAL }, (_, at) => (at % 2) - 0.5);
  expect(
    isFutile(
      none,
      none.map(() => 4),
      TOTAL,
    ),
  ).toBe(false);
});

it.each([
  [5, 4.032],
  [7, 3.499],
  [15, 2.947],
  [63, 2.656],
])('knows Student’s quantile of 99.5 %% for %d degrees of freedom', (freedom, quantile) => {
  expect(studentQuantile(freedom)).toBeCloseTo(quantile, 1);
});
