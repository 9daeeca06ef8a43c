import type { GateCheck } from '#contract/gate.ts';
import type { Interval } from '#score/index.ts';
import { LEAST_ITEMS, LEAST_SHARE, LEAST_T } from './rules.ts';
import { failed, figure, passed } from './verdict.ts';

/** What behaviour was found to be, whichever way it was measured. */
export interface Behaviour {
  readonly share: Interval;
  readonly t: number;
  readonly items: number;
}

/**
 * Whether a model understands the vectors: what they are of must become likelier after them than after another item’s. `least` is the
 * share of a text’s information that a calibration found no useless vectors to reach.
 */
export function checkBehaviour({ share, t, items }: Behaviour, total: number, least = LEAST_SHARE): GateCheck {
  if (total < LEAST_ITEMS) return tooFew(total);
  const measured = `t ${figure(t)}, information ${intervalInWords(share)} over ${items} of ${total} items`;
  const figures = {
    value: share.value,
    measured,
    threshold: `t ≥ ${LEAST_T} and at least ${figure(least)} of a text’s information in the lower bound`,
  };
  if (t >= LEAST_T && share.low !== null && share.low >= least) {
    return passed('behaviour', 'The model understands these vectors.', figures);
  }
  const stopped = items < total ? ' What is left could not change it, so it was not read.' : '';
  return failed('behaviour', 'refused', 'EMB_NO_INFORMATION', {
    ...figures,
    message: `The model reads these vectors as noise, whatever they look like.${stopped}`,
    remedy: 'Fit the component for this very model with `sensorium embed fit`, or take the text route.',
  });
}

/** Too few items to tell anything. */
export function tooFew(total: number): GateCheck {
  return failed('behaviour', 'refused', 'EMB_TOO_FEW_ITEMS', {
    ...{ value: total, measured: `${total} items`, threshold: `${LEAST_ITEMS} at least` },
    message: 'Too few items to tell whether the model understands them.',
    remedy: 'Give more with --items FILE; 64 are usual.',
  });
}

/** An interval as it is read: `0.61 [0.52, 0.70]`. */
export function intervalInWords({
  value,
  low,
  high,
}: {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
}): string {
  const two = (number: number | null) => (number === null ? '?' : number.toFixed(2));
  return `${two(value)} [${two(low)}, ${two(high)}]`;
}
