import type { Interval } from '#contract/ledger.ts';
import { noInterval } from '../unmeasured.ts';
import type { JudgedUnit } from './judge.ts';

/** With less of a text judged than this, what is known of it says nothing of the whole. */
const JUDGED_SHARE = 0.5;

/**
 * Σ p / N: the share of a text's characters (Chinese) or words that is probably wrong, insertions among them; what is missing has no place and does not
 * count. The interval is for 95 of 100 texts: errors fall by chance (variance Σ p(1 − p), times the profile's `clustering`), and a speaker or
 * recording is better or worse than those it was fitted on (its `spread`). What nothing could judge counts as right at its lower and as wrong
 * at its upper end, and as uncertain as can be, so that the interval never gets narrower where a stretch loses its signals. It does not
 * cover recordings of another kind than the profile's `domain`.
 */
export function errorRateOf(units: number, judged: readonly JudgedUnit[]): Interval {
  if (units === 0) return noInterval('There is no text that could be wrong.');
  if (judged.length === 0) return noInterval('No profile fits what is known of this text.');
  if (judged.length < units * JUDGED_SHARE)
    return noInterval(`Only ${judged.length} of ${units} characters or words have a calibrated probability.`);
  const unknown = units - judged.length;
  const errors = judged.reduce((sum, { p }) => sum + p, 0);
  const chance = judged.reduce((sum, { p }) => sum + p * (1 - p), unknown / 4);
  const profiles = [...new Set(judged.map(({ profile }) => profile))];
  const spread = Math.max(...profiles.map((profile) => profile.spread));
  const clustering = Math.max(...profiles.map((profile) => profile.clustering));
  const around = 1.96 * Math.sqrt(clustering * chance + (spread * (errors + unknown)) ** 2);
  return {
    value: rounded(errors / judged.length),
    low: rounded(Math.max(0, errors - around) / units),
    high: rounded(Math.min(units, errors + unknown + around) / units),
    source: `calibration:${profiles.map(({ id }) => id).join('+')}`,
    reason: null,
  };
}

function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
