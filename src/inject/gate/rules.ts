import type { GateGrade } from '#contract/gate.ts';

/** From research/embedding-route.md, 3.3: what behaviour must show. The share is checked again by calibration on each model. */
export const LEAST_T = 5;
export const LEAST_SHARE = 0.1;
/** Fewer items than this have no interval to speak of. */
export const LEAST_ITEMS = 16;
/** Where a share is at least this, vectors are usable, and as good as text. */
const USABLE = 0.5;
const TEXT_EQUIVALENT = 0.9;
/** Vectors may tell this much less than text and still count as no loss. */
export const NO_LOSS = 0.05;

/** The grade of a component by the lower bound of its information share; `null` is a refusal. A calibration may ask for more than the least. */
export function gradeOf(low: number | null, least = LEAST_SHARE): GateGrade {
  if (low === null || low < least) return 'refused';
  if (low < USABLE) return 'experimental';
  return low < TEXT_EQUIVALENT ? 'usable' : 'text-equivalent';
}
