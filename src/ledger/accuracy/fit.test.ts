import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomFrom } from '#score/index.ts';
import { type FitOptions, fitProfile, type LabelledItem } from './fit.ts';
import { loadProfile, probabilityOf, profileFrom } from './profile.ts';

const options: FitOptions = {
  ...{ id: 'test', unit: 'word', signals: ['confidence'], domain: 'made up', date: new Date(0) },
};

/** A row of `confidence`: what it says, and four columns that say nothing. */
function rowOf(logit: number, noise = 0.5): number[] {
  return [logit, noise, 0, Number.NaN, 1];
}

/** Words whose confidence is what it says, of twelve speakers. */
function words(count: number, truth: (confidence: number) => number = (confidence) => 1 - confidence): LabelledItem[] {
  const random = randomFrom(count);
  return Array.from({ length: count }, (_, at) => {
    const confidence = random() ** 0.3;
    const wrong = random() < truth(confidence);
    return { group: `speaker-${at % 12}`, wrong, row: rowOf(Math.log(confidence / (1 - confidence)), random()) };
  });
}

describe('fitting a profile', () => {
  const items = words(4_000);

  it('finds the probability that made the errors, by a line or by trees', () => {
    for (const model of ['logistic', 'trees'] as const) {
      const { profile, bins } = fitProfile(items, { ...options, model });
      expect(profile.ece).toBeLessThan(0.02);
      expect(profile.auroc).toBeGreaterThan(0.7);
      expect(bins.reduce((sum, bin) => sum + bin.items, 0)).toBe(items.length);
      expect(probabilityOf(profile, rowOf(0))).toBeCloseTo(0.5, 0);
      expect(probabilityOf(profile, rowOf(4))).toBeLessThan(0.1);
    }
  });

  it('puts right what says too much of itself', () => {
    const { profile } = fitProfile(
      words(4_000, (confidence) => Math.sqrt(1 - confidence)),
      options,
    );
    expect(profile.ece).toBeLessThan(0.025);
    // It said 0.16, and 0.4 of such were wrong.
    expect(probabilityOf(profile, rowOf(Math.log(0.84 / 0.16)))).toBeGreaterThan(0.28);
  });

  it('learns nothing by heart: without a signal every figure is chance', () => {
    const random = randomFrom(9);
    const noise = items.map((item) => ({ ...item, row: rowOf(random(), random()) }));
    for (const model of ['logistic', 'trees'] as const) {
      const { profile } = fitProfile(noise, { ...options, model });
      expect(Math.abs(profile.auroc - 0.5)).toBeLessThan(0.04);
    }
  });

  it('keeps groups apart: what tells a speaker is no sign of an error in another', () => {
    // Every group has a mark of its own and its own error rate; the mark is the best signal inside a group and useless outside.
    const random = randomFrom(5);
    const marked: LabelledItem[] = Array.from({ length: 3_000 }, (_, at) => {
      const group = at % 6;
      const marks = Array.from({ length: 5 }, (_, n) => (n === group ? 1 : 0));
      return { group: String(group), wrong: random() < (group % 2 ? 0.6 : 0.1), row: marks };
    });
    expect(fitProfile(marked, { ...options, model: 'trees' }).profile.auroc).toBeLessThan(0.6);
    expect(fitProfile(marked, options).profile.spread).toBeGreaterThan(0.3);
  });

  it('sees that errors come together', () => {
    expect(fitProfile(items, options).profile.clustering).toBeLessThan(1.5);
    const random = randomFrom(6);
    const inTurn = Array.from({ length: 3_000 }, (_, at): LabelledItem => {
      const isBad = Math.floor(at / 100) % 5 === 0;
      return { group: String(Math.floor(at / 500)), wrong: random() < (isBad ? 0.5 : 0.05), row: rowOf(random()) };
    });
    expect(fitProfile(inTurn, options).profile.clustering).toBeGreaterThan(5);
  });

  it('says no to too few items', () => {
    const code = 'ledger.too-few-items';
    expect(() => fitProfile([], options)).toThrow(expect.objectContaining({ code }));
    expect(() =>
      fitProfile(
        words(40).map((item) => ({ ...item, group: 'one' })),
        options,
      ),
    ).toThrow(expect.objectContaining({ code, hint: expect.stringContaining('2 groups') }));
  });
});

describe('a profile in a file', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sensorium-profile-'));
  });
  afterAll(() => rm(folder, { recursive: true }));
  const { profile } = fitProfile(words(500), options);

  it('comes back as it was', async () => {
    const path = join(folder, 'own.json');
    await writeFile(path, JSON.stringify(profile));
    expect(await loadProfile(path)).toEqual(profile);
  });

  it('is refused with the next step where it is broken, or leads astray', async () => {
    const path = join(folder, 'broken.json');
    const tree = { kind: 'trees', start: 0, trees: [{ features: [7], thresholds: [0], leaves: [0, 1] }] };
    for (const text of [
      '',
      '{',
      '{}',
      JSON.stringify({ ...profile, ece: 2 }),
      JSON.stringify({ ...profile, model: tree }),
    ]) {
      await writeFile(path, text);
      await expect(loadProfile(path)).rejects.toMatchObject({
        code: 'ledger.profile-unusable',
        hint: expect.stringContaining('sensorium calibrate'),
      });
    }
    await expect(loadProfile(join(folder, 'none.json'))).rejects.toMatchObject({ code: 'ledger.profile-unusable' });
    expect(() => profileFrom({ ...profile, features: ['logit'] })).toThrow(/other columns/);
  });
});
