import type { Unit } from './units.ts';

export const CONFIDENCE_FEATURES = ['confidence', 'least-token', 'beside', 'mean', 'characters'] as const;

/** A word with the recogniser's own probabilities; places are code points of the text. */
export interface HeardWord {
  readonly start: number;
  readonly end: number;
  readonly confidence: number | null;
  /** Of each of its tokens, natural log. */
  readonly logprobs: readonly number[];
}

/** What the recogniser thinks of each unit, in the order of `CONFIDENCE_FEATURES`, as logits; `null` where a unit has nothing. */
export function confidenceRows(units: readonly Unit[], words: readonly HeardWord[]): number[][] | null {
  let next = 0;
  const mine: HeardWord[] = [];
  for (const unit of units) {
    while (next < words.length && (words[next]?.end ?? 0) <= unit.start) next += 1;
    const word = words[next];
    if (!word || word.start >= unit.end || word.confidence === null) return null;
    mine.push(word);
  }
  const logits = mine.map(({ confidence }) => logitOf(confidence ?? 0));
  const mean = logits.reduce((sum, one) => sum + one, 0) / Math.max(logits.length, 1);
  return mine.map(({ start, end, logprobs }, at) => [
    logits[at] ?? Number.NaN,
    logprobs.length > 0 ? logitOf(Math.exp(Math.min(...logprobs))) : (logits[at] ?? Number.NaN),
    Math.min(logits[at - 1] ?? 10, logits[at + 1] ?? 10),
    mean,
    end - start,
  ]);
}

/** ln(p / (1 − p)), within ±9: recognisers say 1 where they mean nearly. */
export function logitOf(probability: number): number {
  const inside = Math.min(Math.max(probability, 0.0001), 0.9999);
  return Math.log(inside / (1 - inside));
}
