import type { TimeSpan } from '#contract/finding.ts';
import type { Segment, Transcript } from '#contract/perception.ts';
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

/** Cuts a transcript into clauses. `silenceBetween` finds the silence of at least 200 ms between two words in the sound. */
export function clausesOf(
  transcript: Transcript,
  silenceBetween: (before: PlacedWord, after: PlacedWord) => TimeSpan | null,
): Clause[] {
  const characters = [...transcript.text];
  const words = placedWords(transcript);
  const clauses: Clause[] = [];
  let run: PlacedWord[] = [];
  let startMs: number | null = null;
  words.forEach((word, index) => {
    run.push(word);
    const next = words[index + 1];
    const at = afterClosing(characters, word.to, next?.from ?? characters.length);
    const ending = endingOf(trailing(characters, at));
    const pause = next ? silenceBetween(word, next) : null;
    // Where times were only spread over the speech, a silence says nothing of which words it parts.
    const parted = pause !== null && (ending !== 'open' || (word.timed && next?.timed === true));
    const endsSegment = next?.segment !== word.segment;
    if (next && !endsSegment && ending === 'open' && !parted) return;
    const first = run[0] ?? word;
    clauses.push({
      words: run,
      text: characters.slice(first.from, at).join(''),
      begin: first.from,
      at,
      ending,
      pause,
      segment: word.segment,
      endsSegment,
      startMs: startMs ?? first.startMs,
      endMs: Math.max(startMs ?? first.startMs, pause?.startMs ?? word.endMs),
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
