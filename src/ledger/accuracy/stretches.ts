import type { Segment, Word } from '#contract/perception.ts';
import { codePoints } from '#kit/code-points.ts';
import type { HeardWord } from './confidence-rows.ts';
import type { Heard } from './signals.ts';

/** A segment ready to be judged, and where it stands: `start` code points of the text come before it. */
export interface HeardStretch {
  readonly heard: Heard;
  readonly segment: Segment;
  readonly start: number;
}

/** The segments of a transcript as they stand in a text, in order; one that the text does not have is left out. */
export function heardStretches(segments: readonly Segment[], text: string): HeardStretch[] {
  let [unit, start] = [0, 0];
  return segments.flatMap((segment) => {
    const at = segment.text === '' ? -1 : text.indexOf(segment.text, unit);
    if (at < 0) return [];
    start += codePoints(text.slice(unit, at));
    const stretch = { heard: heardOf(segment), segment, start };
    unit = at + segment.text.length;
    start += codePoints(segment.text);
    return stretch;
  });
}

function heardOf({ text, words, second }: Segment): Heard {
  return { text, second: second?.text ?? null, proofRead: null, words: placed(words, text) };
}

/** Words with their places; one that the text does not have is left out. */
function placed(words: readonly Word[], text: string): HeardWord[] {
  let [unit, point] = [0, 0];
  return words.flatMap(({ text: word, confidence, tokens }) => {
    const at = word === '' ? -1 : text.indexOf(word, unit);
    if (at < 0) return [];
    const start = point + codePoints(text.slice(unit, at));
    const end = start + codePoints(word);
    unit = at + word.length;
    point = end;
    return { start, end, confidence, logprobs: tokens.flatMap(({ logprob }) => logprob ?? []) };
  });
}
