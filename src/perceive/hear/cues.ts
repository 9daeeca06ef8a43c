import type { TimeSpan } from '#contract/finding.ts';
import type { Transcript, Word } from '#contract/perception.ts';
import { isSpaceless, joinWords } from './script.ts';

/** Two lines of 42 characters, the usual limit of subtitles; a wide character fills two places. */
const CUE_WIDTH = 84;

/** Text to be shown at a time. */
export interface Cue extends TimeSpan {
  readonly text: string;
}

/** Makes subtitles: one for each segment, more where its text would not fit, broken after a comma when there is one. */
export function cuesOf(transcript: Transcript): Cue[] {
  return transcript.segments.flatMap((segment) => {
    if (segment.words.length === 0) return [{ startMs: segment.startMs, endMs: segment.endMs, text: segment.text }];
    const cues: Cue[] = [];
    for (let rest = segment.words; rest.length > 0; ) {
      const count = fitting(rest);
      cues.push(cueOf(rest.slice(0, count)));
      rest = rest.slice(count);
    }
    return cues;
  });
}

function fitting(words: readonly Word[]): number {
  let count = 0;
  let afterComma = 0;
  let width = 0;
  for (const word of words) {
    width += widthOf(word.text) + 1;
    if (count > 0 && width - 1 > CUE_WIDTH) return afterComma > count / 2 ? afterComma : count;
    count += 1;
    if (/[,;:，；：、]$/u.test(word.text)) afterComma = count;
  }
  return count;
}

function cueOf(words: readonly Word[]): Cue {
  return {
    startMs: words[0]?.startMs ?? 0,
    endMs: words.at(-1)?.endMs ?? 0,
    text: joinWords(words.map((word) => word.text)),
  };
}

function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += isSpaceless(character) ? 2 : 1;
  return width;
}
