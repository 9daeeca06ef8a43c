import type { TimeSpan } from '#contract/finding.ts';
import type { Segment, Transcript } from '#contract/perception.ts';
import { type Joint, pausesAt } from './silence.ts';
import { type PlacedWord, placedWords } from './words.ts';

/**
 * What is said in one breath of sense: words up to a punctuation mark, a pause, or the end of a segment. `begin` and `at` are where it
 * begins and where a mark after it belongs, in code points of the transcript's text; `ending` is what the text has there;
 * `pause` is the silence before the next word, as far as there is one.
 */
export interface Clause extends TimeSpan {
  readonly words: readonly PlacedWord[];
  readonly text: string;
  readonly begin: number;
  readonly at: number;
  readonly ending: 'open' | 'comma' | 'stop' | 'question';
  readonly pause: TimeSpan | null;
  readonly segment: Segment;
  readonly endsSegment: boolean;
}

/** Closes what stands before it: marks of punctuation and brackets, and whatever joins onto a character. */
const CLOSING = /[\p{Po}\p{Pe}\p{Pf}\p{Pd}"'\p{M}]|\u200d/u;
const QUESTION = /[?？؟]/u;
const STOP = /[.。!！…｡]/u;
const COMMA = /[,，、;；:：—–،]/u;

/** Cuts a transcript into clauses. `silences` are those found in the sound, in order. */
export function clausesOf(transcript: Transcript, silences: readonly TimeSpan[]): Clause[] {
  const characters = [...transcript.text];
  const words = placedWords(transcript);
  const ends = words.map((word, index) => {
    const next = words[index + 1];
    const at = afterClosing(characters, word.to, next?.from ?? characters.length);
    return { at, ending: endingOf(trailing(characters, at)), endsSegment: next?.segment !== word.segment };
  });
  const joints = words.slice(0, -1).map((word, index): Joint => {
    const startMs = Math.min(word.endMs, words[index + 1]?.startMs ?? word.endMs);
    const endMs = Math.max(word.endMs, words[index + 1]?.startMs ?? word.endMs);
    const open = ends[index]?.ending === 'open' && !ends[index]?.endsSegment;
    return { startMs, endMs, open, timed: word.timed && words[index + 1]?.timed === true };
  });
  const pauses = pausesAt(joints, silences);

  const clauses: Clause[] = [];
  let run: PlacedWord[] = [];
  let startMs: number | null = null;
  words.forEach((word, index) => {
    run.push(word);
    const pause = pauses[index] ?? null;
    const end = ends[index];
    if (!end || (index < words.length - 1 && !end.endsSegment && end.ending === 'open' && !pause)) return;
    const first = run[0] ?? word;
    const from = startMs ?? first.startMs;
    clauses.push({
      ...end,
      words: run,
      text: characters.slice(first.from, end.at).join(''),
      begin: first.from,
      pause,
      segment: word.segment,
      startMs: from,
      endMs: Math.max(from, pause?.startMs ?? word.endMs),
    });
    startMs = pause?.endMs ?? null;
    run = [];
  });
  return clauses;
}

function afterClosing(characters: readonly string[], from: number, limit: number): number {
  let at = from;
  while (at < limit && CLOSING.test(characters[at] ?? '')) at++;
  return at;
}

// The punctuation that ends just before a place.
function trailing(characters: readonly string[], at: number): string {
  let from = at;
  while (from > 0 && CLOSING.test(characters[from - 1] ?? '')) from--;
  return characters.slice(from, at).join('');
}

function endingOf(punctuation: string): Clause['ending'] {
  if (QUESTION.test(punctuation)) return 'question';
  if (STOP.test(punctuation)) return 'stop';
  return COMMA.test(punctuation) ? 'comma' : 'open';
}
