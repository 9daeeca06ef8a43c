import { orCancelled } from '#kit/abort.ts';
import type { Channel } from '#kit/channel.ts';
import { normaliseForSpeech } from '#spoken/index.ts';
import { createSegmenter, createSpeechFilter, type Dropped, type SentencePiece } from './text/index.ts';

/** A sentence on its way to the engine. */
export interface Sentence {
  /** As it stands in the text, without markup. */
  readonly text: string;
  /** As it is read aloud: numbers, dates and signs in words. */
  readonly spoken: string;
  /** It was cut before its end, where nothing is written: the voice must go on as if it had not been. */
  readonly goesOn: boolean;
}

/** In Latin letters: from here on the very first stretch may end at a comma, so that sound starts early. */
const FIRST_MIN_CHARS = 40;
/** The same for the place before “because”, “to”, “which”: on two processors this halves the wait for a one-sentence answer’s sound. */
const FIRST_PHRASE_MIN_CHARS = 28;
/** Shorter sentences go together with the next one: alone they sound clipped and cost more than they take to say. */
const MIN_CHARS = 12;

const HAS_WORDS = /[\p{L}\p{N}]/u;

/** Reads a text while it is written and hands on each sentence as soon as it is certain. Gives what was left out. */
export async function readSentences(
  text: AsyncIterable<string>,
  language: string,
  sentences: Channel<Sentence>,
  signal: AbortSignal,
): Promise<readonly Dropped[]> {
  const filter = createSpeechFilter();
  const segmenter = createSegmenter({
    firstMinChars: FIRST_MIN_CHARS,
    firstPhraseMinChars: FIRST_PHRASE_MIN_CHARS,
    minChars: MIN_CHARS,
  });
  const dropped: Dropped[] = [];
  const take = (pieces: readonly SentencePiece[]) => {
    for (const piece of pieces) {
      const spoken = normaliseForSpeech(piece.text, { language }).text.trim();
      const goesOn = piece.boundary === 'soft' && /[\p{L}\p{N}]$/u.test(piece.text);
      if (HAS_WORDS.test(spoken)) sentences.push({ text: piece.text.trim(), spoken, goesOn });
    }
  };
  const filtered = ({ text: words, dropped: left }: ReturnType<typeof filter.push>) => {
    dropped.push(...left);
    return words;
  };

  const iterator = text[Symbol.asyncIterator]();
  let ended = false;
  try {
    for (;;) {
      const next = await orCancelled(iterator.next(), signal);
      if (next.done) break;
      take(segmenter.push(filtered(filter.push(next.value))));
    }
    ended = true;
  } finally {
    // The writer may be waiting for something that never comes; it is told, but not waited for.
    if (!ended) iterator.return?.().catch(() => {});
  }
  take(segmenter.push(filtered(filter.end())));
  take(segmenter.end());
  return dropped;
}
