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
/** A rate of fewer syllables is chance. */
const FOR_RATE = 4;

export function measuresOf(clause: Clause, frames: Frames, silentDb: number): Measures {
  const [from, to] = [frameAt(clause.startMs, frames), frameAt(clause.endMs, frames)];
  const voiced: number[] = [];
  let sounding = 0;
  for (let at = from; at < to; at++) {
    if ((frames.f0Hz[at] as number) > 0) voiced.push(at);
    if (!isSilent(frames, at, silentDb)) sounding++;
  }
  const pitch = voiced.map((at) => 12 * Math.log2((frames.f0Hz[at] as number) / 100));
  const sorted = Float64Array.from(pitch).sort();
  const share = (part: number) => sorted[Math.round(part * (sorted.length - 1))] ?? 0;
  const final = finalMovement(voiced, pitch);
  const syllables = syllablesIn(clause.text);
  const rate =
    syllables !== null && syllables >= FOR_RATE && sounding > 0 ? (syllables * 1_000) / (sounding * HOP_MS) : null;
  return {
    levelDb: voiced.length >= FOR_PITCH ? medianVoiceDb(frames, from, to) : null,
    pitchSt: voiced.length >= FOR_PITCH ? share(0.5) : null,
    rangeSt: voiced.length >= FOR_RANGE ? share(0.9) - share(0.1) : null,
    finalChangeSt: final?.change ?? null,
    endsHigh: final !== null && voiced.length >= FOR_RANGE && final.end >= share(0.9),
    rate,
    lengthening: rate === null ? null : lengthening(clause, frames, silentDb, rate),
  };
}

// A straight line through the last voiced stretch, by least squares: how far it goes and where it ends.
function finalMovement(voiced: readonly number[], pitch: readonly number[]): { change: number; end: number } | null {
  const last = voiced.at(-1) ?? 0;
  let first = voiced.length - 1;
  while (
    first > 0 &&
    last - (voiced[first - 1] as number) < FINAL_FRAMES &&
    (voiced[first] as number) - (voiced[first - 1] as number) < 5
  )
    first--;
  const count = voiced.length - first;
  if (count < FOR_MOVEMENT) return null;
  let [sumX, sumY, sumXX, sumXY] = [0, 0, 0, 0];
  for (let at = first; at < voiced.length; at++) {
    const x = last - (voiced[at] as number);
    const y = pitch[at] as number;
    sumX += x;
    sumY += y;
    sumXX += x * x;
    sumXY += x * y;
  }
  const slope = (count * sumXY - sumX * sumY) / (count * sumXX - sumX * sumX);
  return { change: -slope * (last - (voiced[first] as number)), end: (sumY - slope * sumX) / count };
}

function lengthening(clause: Clause, frames: Frames, silentDb: number, rate: number): number | null {
  const word = clause.words.at(-1);
  const syllables = word ? syllablesIn(word.text) : null;
  if (!word?.timed || clause.words.length < 2 || syllables === null || syllables === 0) return null;
  let sounding = 0;
  for (let at = frameAt(word.startMs, frames); at < frameAt(clause.endMs, frames); at++) {
    if (!isSilent(frames, at, silentDb)) sounding++;
  }
  return sounding > 0 ? Math.log2(((sounding * HOP_MS) / 1_000 / syllables) * rate) : null;
}
