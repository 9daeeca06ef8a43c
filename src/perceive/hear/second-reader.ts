import type { TimeSpan } from '#contract/finding.ts';
import type { Loss } from '#contract/loss.ts';
import type { Sound } from '#contract/media.ts';
import { isDoubtful, type SecondReading, type Segment } from '#contract/perception.ts';
import type { CallContext, Recogniser } from '#contract/ports.ts';
import { editDistance } from '#kit/edits.ts';
import { suspicionsOf } from './guards.ts';
import { joinWords } from './script.ts';

/** Below this mean log-probability a whole stretch is doubtful, though no single word of it may be. */
const DOUBTFUL_LOGPROB = -0.5;
/** Below this the two readers tell different things. */
const DISAGREE_BELOW = 0.8;

type Note = (loss: Pick<Loss, 'kind' | 'message'> & Partial<Loss>) => void;

/** What the first reader made of a recording: what was believed, and the voice that gave no words. */
export interface FirstReading {
  readonly part: string;
  readonly sound: Sound;
  readonly language: string | undefined;
  readonly segments: readonly Segment[];
  readonly wordless: readonly TimeSpan[];
}

/**
 * Has a second recogniser, best of another kind, hear what the first was not sure of. A doubtful segment keeps its words and says
 * how far the second agrees; voice from which the first made nothing gets the second's words. Segments stay in order.
 */
export async function readAgain(
  { part, sound, language, segments, wordless }: FirstReading,
  second: Recogniser,
  context: CallContext,
  note: Note,
): Promise<Segment[]> {
  const doubtful = segments.filter(isDoubtfulSegment);
  const speech = [...doubtful.map(({ startMs, endMs }) => ({ startMs, endMs })), ...wordless].sort(
    (a, b) => a.startMs - b.startMs,
  );
  if (speech.length === 0) return [...segments];
  const { languages } = second.capabilities;
  if (language !== undefined && languages !== 'any' && !languages.includes(language)) {
    const message = `${second.id} does not understand the language, so nobody heard the doubtful stretches again.`;
    note({ kind: 'option-ignored', engine: second.id, text: 'second', message });
    return [...segments];
  }
  const again: Segment[] = [];
  for await (const segment of second.hear({ part, sound, speech, language }, context)) again.push(segment);
  const read = segments.map((segment) => {
    if (!doubtful.includes(segment)) return segment;
    const reading = readingOf(segment, again, second.id);
    if (reading.agreement < DISAGREE_BELOW) noteDisagreement(segment, reading, note);
    return { ...segment, second: reading };
  });
  const found = again.filter(
    (segment) => wordless.some((span) => overlapMs(span, segment) > 0) && suspicionsOf(segment, wordless).length === 0,
  );
  return [...read, ...found].sort((a, b) => a.startMs - b.startMs);
}

function isDoubtfulSegment({ words, meanLogprob }: Segment): boolean {
  return words.some(isDoubtful) || (meanLogprob !== null && meanLogprob < DOUBTFUL_LOGPROB);
}

// Where the readers cut is not the same, so the words of the second are taken that lie mostly within the segment.
function readingOf(segment: Segment, again: readonly Segment[], engine: string): SecondReading {
  const words = again
    .flatMap((other) => other.words)
    .filter((word) => overlapMs(word, segment) * 2 >= Math.max(1, word.endMs - word.startMs));
  const text = joinWords(words.map((word) => word.text));
  const first = letters(segment.text);
  const agreement = Math.max(0, 1 - editDistance(first, letters(text)) / Math.max(1, first.length));
  return { engine, text, agreement };
}

function noteDisagreement(segment: Segment, { engine, text, agreement }: SecondReading, note: Note): void {
  note({
    kind: 'readers-disagree',
    time: { startMs: segment.startMs, endMs: segment.endMs },
    text: segment.text,
    extent: 1 - agreement,
    unit: 'character error rate between the readers',
    message: `${engine} heard “${text}” where “${segment.text}” was heard.`,
    action: 'the first reading was kept',
  });
}

function overlapMs(a: TimeSpan, b: TimeSpan): number {
  return Math.min(a.endMs, b.endMs) - Math.max(a.startMs, b.startMs);
}

/** What two readings are compared by: letters and digits, whatever their case and width. */
function letters(text: string): string[] {
  return [...text.normalize('NFKC').toLowerCase()].filter((character) => /[\p{L}\p{N}]/u.test(character));
}
