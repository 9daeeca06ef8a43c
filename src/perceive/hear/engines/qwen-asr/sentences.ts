import type { ServerHeard } from '../remote/recogniser.ts';

type Json = Readonly<Record<string, unknown>>;
type HeardWord = NonNullable<ServerHeard['words']>[number];

/** Sentences as a task tells them: each anew and longer until it is final. */
export interface Sentences {
  take(output: Json): void;
  /** All final ones, and the last one as it stood if it never became final. */
  whole(): ServerHeard;
}

interface Sentence {
  readonly text: string;
  readonly words: readonly HeardWord[];
}

/** Puts the sentences of one piece together. Times count from where the sound that was sent began. */
export function sentences(): Sentences {
  const final: Sentence[] = [];
  let open: Sentence | null = null;
  return {
    take({ sentence }) {
      const told = (sentence ?? {}) as Json;
      if (typeof told.text !== 'string') return;
      const read: Sentence = { text: told.text, words: wordsIn(told.words) };
      const isFinal = told.sentence_end === true && typeof told.end_time === 'number';
      if (isFinal) final.push(read);
      open = isFinal ? null : read;
    },
    whole() {
      const all = open ? [...final, open] : final;
      const text = joined(all.map((one) => one.text));
      const words = all.flatMap((one) => one.words);
      // Words that do not spell the text would say something else than was heard.
      const spells = letters(words.map((word) => word.text).join('')) === letters(text);
      return spells ? { text, words } : { text };
    },
  };
}

function wordsIn(words: unknown): HeardWord[] {
  if (!Array.isArray(words)) return [];
  return words.flatMap((word: Json | null) => {
    const { text, punctuation, begin_time: startMs, end_time: endMs } = word ?? {};
    if (typeof text !== 'string' || typeof startMs !== 'number' || typeof endMs !== 'number') return [];
    return [{ text: `${text}${typeof punctuation === 'string' ? punctuation : ''}`, startMs, endMs }];
  });
}

/** Sentences side by side, with a space where both sides are written with spaces. */
function joined(texts: readonly string[]): string {
  return texts.reduce((all, text) => (/[\w.?!,]$/.test(all) && /^\w/.test(text) ? `${all} ${text}` : all + text), '');
}

function letters(text: string): string {
  return text.replaceAll(/\s/g, '');
}
