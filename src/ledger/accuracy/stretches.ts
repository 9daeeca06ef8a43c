import type { TimeSpan } from '#contract/finding.ts';
import type { Segment, Word } from '#contract/perception.ts';
import { codePoints } from '#kit/code-points.ts';
import type { HeardWord } from './confidence-rows.ts';
import type { Heard } from './signals.ts';

/** A segment ready to be judged, and where it stands: `start` code points of the text come before it. */
export interface HeardStretch {
  readonly heard: Heard;
  readonly segment: Segment;
  readonly start: number;
  /** The words that were found in it; places are those of `heard`. */
  readonly words: readonly TimedWord[];
}

export interface TimedWord extends HeardWord, TimeSpan {}

/** The segments of a transcript as they stand in a text, in order; one that the text does not have is left out. */
export function heardStretches(segments: readonly Segment[], text: string): HeardStretch[] {
  let [unit, start] = [0, 0];
  return segments.flatMap((segment) => {
    const at = segment.text === '' ? -1 : text.indexOf(segment.text, unit);
    if (at < 0) return [];
    start += codePoints(text.slice(unit, at));
    const words = placed(segment.words, segment.text);
    const { text: plain, second } = segment;
    const stretch = {
      heard: { text: plain, second: second?.text ?? null, proofRead: null, words },
      segment,
      start,
      words,
    };
    unit = at + segment.text.length;
    start += codePoints(segment.text);
    return stretch;
  });
}

/** Words with their places; one that the text does not have is left out. */
function placed(words: readonly Word[], text: string): TimedWord[] {
  let [unit, point] = [0, 0];
  return words.flatMap(({ text: word, confidence, tokens, startMs, endMs }) => {
    const at = word === '' ? -1 : text.indexOf(word, unit);
    if (at < 0) return [];
    const start = point + codePoints(text.slice(unit, at));
    const end = start + codePoints(word);
    unit = at + word.length;
    point = end;
    return { start, end, confidence, logprobs: tokens.flatMap(({ logprob }) => logprob ?? []), startMs, endMs };
  });
}
