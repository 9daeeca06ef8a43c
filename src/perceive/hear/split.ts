import type { Segment, Word } from '#contract/perception.ts';
import { segmentFrom } from './segment.ts';

/** A silence of this length between two words begins a new segment. */
const PAUSE_MS = 500;

/** Splits what was heard at once into what was said between two pauses, or between two ends of sentences. */
export function atPauses(segment: Segment): Segment[] {
  const { startMs, endMs, text, words, meanLogprob, compressionRatio, ...told } = segment;
  const runs: Word[][] = [];
  for (const word of words) {
    const last = runs.at(-1)?.at(-1);
    if (!last || word.startMs - last.endMs >= PAUSE_MS || /[.?!。？！…]["”’)]*$/u.test(last.text)) runs.push([word]);
    else runs.at(-1)?.push(word);
  }
  return runs.map((run) => ({ ...segmentFrom(run), ...told }));
}
