import { median } from '#kit/median.ts';
import type { Clause } from './clauses.ts';
import { type Frames, frameAt, HOP_MS } from './prosody/frames.ts';
import { medianVoiceDb } from './quality.ts';
import { isSilent } from './silence.ts';
import { syllablesIn } from './syllables.ts';

/**
 * How a clause was said. Pitch in semitones over 100 Hz (`null`: too little voice to tell). `finalChangeSt`: how far the pitch goes in the
 * last voiced stretch; `endsHigh`: whether it ends among the highest of the clause. `rate`: syllables in a second of sound.
 * `lengthening`: how many octaves the syllables of the last word are longer than those of the clause.
 */
export interface Measures {
  readonly levelDb: number | null;
  readonly pitchSt: number | null;
  readonly rangeSt: number | null;
  readonly finalChangeSt: number | null;
  readonly endsHigh: boolean;
  readonly rate: number | null;
  readonly lengthening: number | null;
}

/** Fewer voiced frames than these say nothing: 150 ms for a pitch, 300 ms for a range, 80 ms for a movement. */
const FOR_PITCH = 15;
const FOR_RANGE = 30;
const FOR_MOVEMENT = 8;
/** The end of a clause: the voice in its last 350 ms. */
const FINAL_FRAMES = 35;
/** Between two frames no voice moves further, and no sound of a voice is shorter: what does is a hiss or a creak taken for a pitch. */
const MOST_STEP_ST = 3;
const SHORTEST_RUN = 6;
/** Further than this from the middle of the clause is an octave mistaken. */
const WITHIN_ST = 12;
/** A rate of fewer syllables is chance. */
const FOR_RATE = 4;

export function measuresOf(clause: Clause, frames: Frames, silentDb: number): Measures {
  const [from, to] = [frameAt(clause.startMs, frames), frameAt(clause.endMs, frames)];
  const runs = pitchRuns(frames, from, to);
  const sorted = Float64Array.from(runs.flatMap(({ semitones }) => semitones)).sort();
  const share = (part: number) => sorted[Math.round(part * (sorted.length - 1))] ?? 0;
  const last = runs.at(-1);
  const final = last && to - last.to < FINAL_FRAMES ? movement(last.semitones.slice(-FINAL_FRAMES)) : null;
  const syllables = syllablesIn(clause.text);
  const seconds = soundingSeconds(frames, from, to, silentDb);
  const rate = syllables !== null && syllables >= FOR_RATE && seconds > 0 ? syllables / seconds : null;
  return {
    levelDb: sorted.length >= FOR_PITCH ? medianVoiceDb(frames, from, to) : null,
    pitchSt: sorted.length >= FOR_PITCH ? share(0.5) : null,
    rangeSt: sorted.length >= FOR_RANGE ? share(0.9) - share(0.1) : null,
    finalChangeSt: final?.change ?? null,
    endsHigh: final !== null && sorted.length >= FOR_RANGE && final.end >= share(0.9),
    rate,
    lengthening: rate === null ? null : lengthening(clause, frames, silentDb, rate),
  };
}

interface Run {
  readonly to: number;
  readonly semitones: number[];
}

// Where the pitch moves as a voice does, without what is an octave or more from the middle of it all.
function pitchRuns({ f0Hz }: Frames, from: number, to: number): Run[] {
  const runs: Run[] = [];
  let semitones: number[] = [];
  for (let at = from; at <= to; at++) {
    const hz = at < to ? (f0Hz[at] as number) : 0;
    const pitch = hz > 0 ? 12 * Math.log2(hz / 100) : null;
    if (pitch !== null && Math.abs(pitch - (semitones.at(-1) ?? pitch)) <= MOST_STEP_ST) {
      semitones.push(pitch);
      continue;
    }
    if (semitones.length >= SHORTEST_RUN) runs.push({ to: at, semitones });
    semitones = pitch === null ? [] : [pitch];
  }
  const middle = median(
    runs.flatMap((run) => run.semitones),
    0,
  );
  return runs.filter((run) => Math.abs(median(run.semitones, 0) - middle) <= WITHIN_ST);
}

// A straight line through a stretch of pitch, by least squares: how far it goes and where it ends.
function movement(semitones: readonly number[]): { change: number; end: number } | null {
  const count = semitones.length;
  if (count < FOR_MOVEMENT) return null;
  const middle = (count - 1) / 2;
  const mean = semitones.reduce((sum, pitch) => sum + pitch, 0) / count;
  const slope =
    semitones.reduce((sum, pitch, at) => sum + (at - middle) * (pitch - mean), 0) / ((count * (count ** 2 - 1)) / 12);
  return { change: slope * (count - 1), end: mean + slope * middle };
}

function lengthening(clause: Clause, frames: Frames, silentDb: number, rate: number): number | null {
  const word = clause.words.at(-1);
  const syllables = word ? syllablesIn(word.text) : null;
  if (!word?.timed || clause.words.length < 2 || syllables === null || syllables === 0) return null;
  const seconds = soundingSeconds(frames, frameAt(word.startMs, frames), frameAt(clause.endMs, frames), silentDb);
  return seconds > 0 ? Math.log2((seconds / syllables) * rate) : null;
}

function soundingSeconds(frames: Frames, from: number, to: number, silentDb: number): number {
  let count = 0;
  for (let at = from; at < to; at++) count += isSilent(frames, at, silentDb) ? 0 : 1;
  return (count * HOP_MS) / 1_000;
}
