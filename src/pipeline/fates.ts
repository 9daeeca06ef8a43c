import type { Fate } from '#contract/fate.ts';
import type { Trip } from './trip.ts';

/** Says what became of a part that was taken in. */
export function tellFate(part: string, fate: Fate['fate'], reason: string, { fates }: Pick<Trip, 'fates'>): void {
  const known = fates.get(part);
  if (known) fates.set(part, { ...known, fate, reason });
}
