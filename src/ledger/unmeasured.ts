import type { Interval, Measured } from '#contract/ledger.ts';

/** A figure that nobody measured, and why. */
export function unmeasured(reason: string): Measured {
  return { value: null, source: null, reason };
}

/** The same where an interval would stand. */
export function noInterval(reason: string): Interval {
  return { ...unmeasured(reason), low: null, high: null };
}

/** A figure and what measured it. */
export function measured(value: number, source: string): Measured {
  return { value: Math.round(value * 1000) / 1000, source, reason: null };
}
