import type { Cue } from '#contract/perception.ts';
import type { Clause } from './clauses.ts';
import type { Measures } from './measures.ts';
import { deviations } from './relative.ts';
import type { Manner } from './vocabulary.ts';

/** What is written is at least so many robust deviations from the speaker's own median. */
const FAR = 1.5;
/** Pauses worth a mark, in ms: where the text has nothing, after a comma (which says half of it), after a sentence. */
const LONG_PAUSE_MS = { open: 500, comma: 500, stop: 1_000, question: 1_000 } as const;
/** A sentence ends high when it rises by so many semitones, a third, to the highest pitch of its last clause. */
const FINAL_RISE_ST = 4;

interface Feature {
  readonly kind: Cue['kind'];
  readonly unit: string;
  /** The least deviation that counts as one: 1.5 of it are plainly heard. */
  readonly floor: number;
  readonly value: (measures: Measures) => number | null;
  readonly more: Manner;
  readonly less: Manner | null;
}

const FEATURES: readonly Feature[] = [
  { kind: 'loudness', unit: 'dB', floor: 3, value: (of) => of.levelDb, more: 'loud', less: 'quiet' },
  { kind: 'rate', unit: 'syllables/s', floor: 1, value: (of) => of.rate, more: 'fast', less: 'slow' },
  { kind: 'pitch', unit: 'st', floor: 2, value: (of) => of.pitchSt, more: 'high', less: 'low' },
  { kind: 'pitch', unit: 'st', floor: 2.5, value: (of) => of.rangeSt, more: 'lively', less: 'flat' },
  { kind: 'final-pitch', unit: 'st', floor: 3, value: (of) => of.finalChangeSt, more: 'rising', less: 'falling' },
  { kind: 'lengthening', unit: 'octaves', floor: 0.5, value: (of) => of.lengthening, more: 'drawn-out', less: null },
];

/** The least deviations the features are reckoned with are the decision's: docs/decisions/2026-11-26-prosody.md. */
const SOURCE = 'prosody';

/**
 * What is far from how one speaker usually speaks, for each of their clauses in order. `measured` is `null` for a clause whose sound is not
 * clear.
 */
export function mannerCues(
  clauses: readonly { readonly clause: Clause; readonly measured: Measures | null }[],
): Cue[][] {
  const cues = clauses.map((): Cue[] => []);
  for (const { kind, unit, floor, value, more, less } of FEATURES) {
    const values = clauses.map(({ measured }) => (measured ? value(measured) : null));
    deviations(values, floor).forEach((deviation, at) => {
      const clause = clauses[at];
      if (deviation === null || !clause || Math.abs(deviation) < FAR) return;
      const label = deviation > 0 ? more : less;
      // A sign of its own: that a question rises is no news.
      if (label === null || (label === 'rising' && (endsHigh(clause) || clause.clause.ending === 'question'))) return;
      if ((label === 'rising' || label === 'falling') && !goes(label, values[at] ?? 0)) return;
      cues[at]?.push(cue(kind, label, values[at] ?? null, unit, Math.abs(deviation)));
    });
  }
  clauses.forEach((clause, at) => {
    if (endsHigh(clause))
      cues[at]?.push(cue('final-pitch', 'ends-high', clause.measured?.finalChangeSt ?? null, 'st', null));
  });
  return cues;
}

/** The pause after a clause, where it is long for its place. */
export function pauseCue({ pause, ending }: Clause, turnEnds: boolean): Cue | null {
  if (!pause) return null;
  const lengthMs = pause.endMs - pause.startMs;
  if (lengthMs < LONG_PAUSE_MS[turnEnds ? 'stop' : ending]) return null;
  return cue('pause', 'pause', lengthMs / 1_000, 's', null);
}

// What ends higher than all before it, at the end of a sentence, and is not written as a question. Before a comma or where a sentence
// goes on a voice rises as well.
function endsHigh({ clause, measured }: { readonly clause: Clause; readonly measured: Measures | null }): boolean {
  if (!measured?.endsHigh || (measured.finalChangeSt ?? 0) < FINAL_RISE_ST) return false;
  return clause.ending === 'stop';
}

// Less of a fall than usual is no rise.
function goes(label: 'rising' | 'falling', changeSt: number): boolean {
  return label === 'rising' ? changeSt > 0 : changeSt < 0;
}

function cue(kind: Cue['kind'], label: string, value: number | null, unit: string, strength: number | null): Cue {
  return { kind, label, value, unit, strength, probability: null, source: SOURCE };
}
