import { describe, expect, it } from 'vitest';
import { randomFrom } from '#score/index.ts';
import { fitTrees, scoreByTrees, Trees } from './trees.ts';

/** Wrong where both are large or both small: no line tells them apart. */
function crossed(count: number, seed: number) {
  const random = randomFrom(seed);
  const rows = Array.from({ length: count }, () => [random(), random(), random()]);
  return { rows, labels: rows.map(([a = 0, b = 0]) => (a > 0.5 === b > 0.5 ? 1 : 0)) };
}

describe('boosted trees', () => {
  const { rows, labels } = crossed(2_000, 1);
  const trees = fitTrees(rows, labels);

  it('learn what no line can say, and say it of rows they have not seen', () => {
    const other = crossed(1_000, 2);
    const right = other.rows.filter((row, at) => scoreByTrees(trees, row) > 0 === (other.labels[at] === 1));
    expect(right.length).toBeGreaterThan(960);
  });

  it('say what the odds are where there is nothing to learn', () => {
    const blank = fitTrees(
      rows.map(() => [1]),
      rows.map((_, at) => (at % 4 === 0 ? 1 : 0)),
    );
    expect(scoreByTrees(blank, [1])).toBeCloseTo(Math.log(1 / 3), 1);
  });

  it('are the same for the same rows, and after a way through a file', () => {
    expect(fitTrees(rows, labels)).toEqual(trees);
    const read = Trees.parse(JSON.parse(JSON.stringify(trees)));
    for (const row of rows) expect(scoreByTrees(read, row)).toBe(scoreByTrees(trees, row));
  });

  it('take what is missing for lower than anything', () => {
    const some = crossed(1_000, 3).rows.map(([a = 0], at) => [at % 3 === 0 ? Number.NaN : a]);
    const missing = fitTrees(
      some,
      some.map(([value]) => (Number.isNaN(value) ? 1 : 0)),
    );
    expect(scoreByTrees(missing, [Number.NaN])).toBeGreaterThan(1);
    expect(scoreByTrees(missing, [0.5])).toBeLessThan(-1);
  });

  it('of a stranger are a number for every row, and not too many', () => {
    const odd = Trees.parse({ kind: 'trees', start: 0.5, trees: [{ features: [7], thresholds: [], leaves: [2] }] });
    expect(scoreByTrees(odd, [1])).toBe(2.5);
    expect(scoreByTrees(odd, [0, 0, 0, 0, 0, 0, 0, 1])).toBe(0.5);
    const tree = { features: [0], thresholds: [0], leaves: [0, 1] };
    for (const trees of [[{ ...tree, features: [-1] }], [{ ...tree, leaves: [Infinity] }], Array(2_001).fill(tree)])
      expect(Trees.safeParse({ kind: 'trees', start: 0, trees }).success).toBe(false);
  });
});
