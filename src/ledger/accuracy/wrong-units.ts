import { align } from '#score/index.ts';
import { type Unit, unitsOf } from './units.ts';

/** Which units of a text are wrong beside what was really said: something else stands there, or nothing was said. What is missing has no unit. */
export function wrongUnits(units: readonly Unit[], reference: string): boolean[] {
  const wrong = units.map(() => false);
  const right = unitsOf(reference).map(({ text }) => text);
  const mine = units.map(({ text }) => text);
  for (const { kind, hypothesis } of align(right, mine).spans)
    if (kind !== 'hit' && kind !== 'deletion') wrong.fill(true, hypothesis.start, hypothesis.end);
  return wrong;
}
