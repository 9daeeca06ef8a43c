import { expect, it } from 'vitest';
import { compareScorers, recordedScores, scorerFigures } from './scorer.ts';

it('scores as jiwer and sclite do, step by step and in every rate', async () => {
  const { versions, pairs } = recordedScores();
  const { cases, which } = await compareScorers(recordedScores());
  const tools = Object.entries(versions).map(([tool, version]) => `${tool} ${version}`);
  console.log(`scorers: ${pairs.length} pairs, ${cases} scores of ${tools.join(', ')}: ${which.length} differ`);
  expect(pairs.length).toBeGreaterThanOrEqual(200);
  expect(cases).toBeGreaterThan(pairs.length);
  expect(which).toEqual([]);
  expect(await scorerFigures(null)).toEqual({ cases, mismatches: 0 });
});

it('would tell a scorer that differs', async () => {
  const pair = { kind: 'made', unit: 'character', reference: '好 吧', hypothesis: '好 啊' } as const;
  const wrong = { wer: 0.5, mer: 0.5, wil: 0.75, wip: 0.2 };
  const { cases, which } = await compareScorers({
    versions: {},
    jiwerTogether: 0.25,
    pairs: [
      { ...pair, jiwer: { path: 'CS', rates: wrong } },
      { ...pair, sclite: { path: 'CDI' } },
    ],
  });
  expect(cases).toBe(3);
  expect(which).toEqual(['jiwer 0 (made)', 'sclite 1 (made)', 'jiwer, all together']);
});
