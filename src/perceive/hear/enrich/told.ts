import type { Cue, Labelled } from '#contract/perception.ts';
import type { Clause } from './clauses.ts';

/** A feeling or sound told with less than this is not marked. */
const PROBABLE = 0.6;

/** What the recogniser told of a segment, at its last clause: its feeling and the sounds in it, as far as they are probable or nobody said how probable. */
export function toldCues({ segment, endsSegment }: Clause): Cue[] {
  if (!endsSegment) return [];
  const told = [
    ...(segment.emotion ? [cueOf('emotion', segment.emotion)] : []),
    ...(segment.events ?? []).map((event) => cueOf('event', event)),
  ];
  return told.filter(({ probability }) => probability === null || probability >= PROBABLE);
}

function cueOf(kind: 'emotion' | 'event', { label, probability, source }: Labelled): Cue {
  return { kind, label, value: null, unit: null, strength: null, probability, source };
}
