import { expect, it } from 'vitest';
import { tableModel } from './__fixtures__/table-model.ts';
import { calibrateGate, calibrationOf } from './calibrate.ts';
import { HOSTILE } from './families/hostile.ts';
import { ENGLISH_PROBES } from './probe-texts.ts';

const signal = new AbortController().signal;
const other = tableModel({ seed: 5, width: 24 });
const foreign = {
  ...{ width: 24, vocabulary: 512 },
  rows: async (tokens: readonly number[]) => (await other.rows?.(tokens, signal)) ?? new Float32Array(),
};
const exam = await calibrateGate(tableModel(), {
  ...{ signal, references: ENGLISH_PROBES.slice(0, 24), foreign },
  seeds: { hostile: 2, positive: 2, between: 1 },
});

it('has ten hostile families, refuses each on a model that truly computes, and lets every control in', () => {
  console.log(
    exam.runs
      .map(
        ({ family, seed, share, t, items }) =>
          `${family} ${seed}: ${share.value.toFixed(2)} t ${t.toFixed(1)} n ${items}`,
      )
      .join('\n'),
  );
  const { calibration } = exam;
  expect(Object.keys(HOSTILE)).toHaveLength(10);
  expect(calibration).toMatchObject({ negatives: 20, negativesRefused: 20, positives: 6, positivesAccepted: 6 });
  expect(calibration.threshold).toBeGreaterThanOrEqual(0.1);
  const at = (threshold: number) => calibration.roc.find((point) => point.threshold === threshold);
  expect(at(0.1)).toMatchObject({ falseAccepts: 0, trueAccepts: 1 });
  expect(at(1)?.trueAccepts).toBeLessThan(1);
});

it('knows which of them identity would have caught as well', () => {
  const caught = new Set(exam.runs.filter(({ refusedByIdentity }) => refusedByIdentity).map(({ family }) => family));
  for (const family of ['permutedVocabulary', 'rotatedTable', 'foreignTable', 'offByTokens'])
    expect(caught).toContain(family);
  expect(caught).not.toContain('shuffledItems');
  expect(caught).not.toContain('eightBits');
});

it('raises the threshold above what a useless family reaches', () => {
  const worse = exam.runs.map((run) =>
    run.family === 'gaussianRows' ? { ...run, gains: run.textGains.map((gain) => gain * 0.2) } : run,
  );
  expect(calibrationOf(worse).threshold).toBeCloseTo(0.22);
});

it('makes the same of the same seed', async () => {
  const own = { width: 32, vocabulary: 512, rows: foreign.rows };
  const wide = {
    ...own,
    rows: async (tokens: readonly number[]) => (await tableModel().rows?.(tokens, signal)) ?? new Float32Array(),
  };
  for (const [name, family] of Object.entries(HOSTILE)) {
    const items = [
      [1, 2, 3],
      [4, 5],
      [6, 7, 8],
    ];
    const make = async (seed: number) => (await family(wide, seed, foreign))({ tokens: [1, 2, 3], at: 0, items });
    const one = await make(3);
    expect(one.length % 32, name).toBe(0);
    expect([...(await make(3))], name).toEqual([...one]);
    expect(one.every(Number.isFinite), name).toBe(true);
  }
});
