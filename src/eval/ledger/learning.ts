import { fitProfile, probabilityOf, rankingOf, type Signal } from '#ledger/index.ts';
import { randomFrom } from '#score/index.ts';
import { itemsOf, type Judged } from './judged.ts';

/** How well a profile does that was fitted on so many utterances, the mean of several draws; `fits` of them had errors enough. */
export interface Learned {
  readonly utterances: number;
  readonly fits: number;
  readonly auroc: number;
  readonly recallAtP60: number;
  /** Standard deviation of expected minus observed error rate, in the speakers left out. */
  readonly rateError: number;
}

const SIZES = [30, 100, 300];
const DRAWS = 5;

/** Fits on few utterances of one half of the speakers and judges the other half. */
export function learningCurve(judged: readonly Judged[], signals: readonly Signal[]): Learned[] {
  const speakers = [...new Set(judged.map(({ speaker }) => speaker))];
  const isLearned = ({ speaker }: Judged) => speakers.indexOf(speaker) % 2 === 0;
  const [pool, others] = [judged.filter(isLearned), judged.filter((one) => !isLearned(one))];
  const left = others.flatMap((one) => itemsOf(one, signals));
  const random = randomFrom(1);
  return SIZES.filter((size) => size <= pool.length).flatMap((utterances) => {
    const fits = Array.from({ length: DRAWS }, () => drawn(pool, utterances, random)).flatMap((some) => {
      const items = some.flatMap((one) => itemsOf(one, signals));
      try {
        const fit = { id: 'eval', unit: 'han', signals, model: 'logistic', domain: '', date: new Date(0) } as const;
        const { profile } = fitProfile(items, fit);
        const scored = left.map(({ row, wrong }) => ({ value: probabilityOf(profile, row), hit: wrong }));
        const off = scored.reduce((sum, { value, hit }) => sum + value - (hit ? 1 : 0), 0) / scored.length;
        return { ...rankingOf(scored), off };
      } catch {
        // So few utterances may have no errors to learn from.
        return [];
      }
    });
    if (fits.length === 0) return [];
    const mean = (of: (fit: (typeof fits)[number]) => number) =>
      fits.reduce((sum, fit) => sum + of(fit), 0) / fits.length;
    return {
      ...{
        utterances,
        fits: fits.length,
        auroc: mean((fit) => fit.auroc),
        recallAtP60: mean((fit) => fit.recallAtP60),
      },
      rateError: Math.sqrt(mean(({ off }) => off ** 2)),
    };
  });
}

function drawn<T>(pool: readonly T[], count: number, random: () => number): T[] {
  const left = [...pool];
  return Array.from({ length: count }, () => left.splice(Math.floor(random() * left.length), 1)).flat();
}
