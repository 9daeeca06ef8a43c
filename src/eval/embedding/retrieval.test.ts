import { expect, it } from 'vitest';
import { clusteredVectors, dot, madeItems } from './retrieval-vectors.ts';
import { sizingOf } from './sizing.ts';

it('makes the same vectors of length 1 for the same seed, near in a cluster and far between', () => {
  const [source, again] = [clusteredVectors(384, 5), clusteredVectors(384, 5)];
  const made = Array.from({ length: 3_000 }, () => source.next());
  for (const { vector, cluster } of made.slice(0, 20)) {
    const same = again.next();
    expect(same).toEqual({ vector, cluster });
    expect(dot(vector, vector)).toBeCloseTo(1, 5);
  }
  const [first] = made;
  if (!first) throw new Error('none made');
  const cosines = (own: boolean) =>
    made
      .slice(1)
      .flatMap(({ vector, cluster }) => ((cluster === first.cluster) === own ? [dot(vector, first.vector)] : []));
  expect(Math.min(...cosines(true))).toBeGreaterThan(0.55);
  expect(Math.max(...cosines(false))).toBeLessThan(0.4);
});

it('makes items of which about the said share counts', () => {
  const items = madeItems(20_000, clusteredVectors(4, 1), 2);
  const share = (key: string) => items.filter(({ item }) => item.attributes[key] === true).length / items.length;
  expect(share('tenth')).toBeCloseTo(0.1, 1);
  expect(Math.abs(share('hundredth') - 0.01)).toBeLessThan(0.003);
  expect(Math.abs(share('thousandth') - 0.001)).toBeLessThan(0.001);
});

it('draws sizes on in a straight line and build times by their power', () => {
  const builds = [
    { vectors: 1_000, buildMs: 10, sizeBytes: 1_500 },
    { vectors: 4_000, buildMs: 80, sizeBytes: 4_500 },
  ] as const;
  const { rows, buildPower } = sizingOf(builds, 2);
  expect(buildPower).toBeCloseTo(1.5, 9);
  expect(rows.map(({ vectors, measured }) => [vectors, measured])).toEqual([
    [1e3, true],
    [4e3, true],
    [1e7, false],
    [1e8, false],
    [1e9, false],
  ]);
  expect(rows[2]).toMatchObject({ sizeBytes: 10_000_500, vectorBytes: 80_000_000, buildMs: 10_000_000 });
  const slowToBegin = sizingOf([{ ...builds[0], buildMs: 60 }, builds[1]], 2);
  expect(slowToBegin.buildPower).toBeLessThan(1);
  expect(slowToBegin.rows[2]).toMatchObject({ buildMs: 200_000 });
});
