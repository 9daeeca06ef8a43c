import { describe, expect, it } from 'vitest';
import { fitProfile, probabilityOf, rankingOf } from '#ledger/index.ts';
import { randomFrom } from '#score/index.ts';
import { fitOwn } from './fit-own.ts';
import { type JudgedUnit, rowOf } from './units.ts';

const options = {
  id: 'own',
  unit: 'word',
  signals: ['confidence'],
  domain: 'made up',
  model: 'logistic',
  date: new Date(0),
} as const;

/** Words of six speakers; two columns tell of errors, `often` is how many there are. The other columns are noise. */
function units(count: number, often: number, sign = 1, seed = count): JudgedUnit[] {
  const random = randomFrom(seed);
  return Array.from({ length: count }, (_, at) => {
    const row = Array.from({ length: 5 }, () => 4 * random() - 2);
    const odds = often - sign * (1.5 * (row[0] ?? 0) + 1.5 * (row[1] ?? 0));
    const wrong = random() < 1 / (1 + Math.exp(-odds));
    return { kind: 'word', wrong, group: `speaker ${at % 6}`, rows: new Map([['confidence', row]]) };
  });
}

function rowsOf(some: readonly JudgedUnit[]) {
  return some.map(({ rows, wrong, group }) => ({ row: rowOf(rows, ['confidence']) ?? [], wrong, group }));
}

describe('a profile of one’s own', () => {
  const factory = fitProfile(rowsOf(units(6_000, -3)), options).profile;

  it('keeps what the factory’s knows and learns only how much there is to doubt, where there are few items', () => {
    const mine = units(150, -1);
    const { profile } = fitOwn(mine, options, [factory]);
    expect(profile.model).toEqual(factory.model);
    expect(profile.domain).toContain('on top of own');
    const others = units(4_000, -1, 1, 99);
    const expected = others.reduce(
      (sum, { rows }) => sum + probabilityOf(profile, rowOf(rows, ['confidence']) ?? []),
      0,
    );
    const wrong = others.filter((one) => one.wrong).length;
    expect(Math.abs(expected / wrong - 1)).toBeLessThan(0.2);
    const before = others.reduce((sum, { rows }) => sum + probabilityOf(factory, rowOf(rows, ['confidence']) ?? []), 0);
    expect(before / wrong).toBeLessThan(0.75);
  });

  it('is its own where the factory’s is of no use for these items, or for another engine', () => {
    const mine = units(900, -2);
    const useless = fitProfile(
      rowsOf(units(3_000, -2).map((unit, at) => ({ ...unit, wrong: at % 7 === 0 }))),
      options,
    ).profile;
    for (const profiles of [[], [useless], [{ ...factory, engine: 'other' }], [{ ...factory, unit: 'han' as const }]]) {
      const { profile, probabilities } = fitOwn(mine, options, profiles);
      expect(profile).toEqual(fitProfile(rowsOf(mine), options).profile);
      expect(
        rankingOf(mine.map(({ wrong }, at) => ({ value: probabilities[at] ?? 0, hit: wrong }))).auroc,
      ).toBeGreaterThan(0.8);
    }
  });
});
