import type { Segment, Word } from '#contract/perception.ts';
import { loadSimplified } from '#words/index.ts';

export type WantedScript = 'simplified' | 'traditional';

/** Writes segments in one script and keeps count of what had to be changed. */
export interface ScriptWriter {
  write(segment: Segment): Segment;
  /** The characters that stood there before, in order. */
  changed(): string;
}

/**
 * Makes a writer, with the dictionaries of OpenCC, which know words and not only characters. Tokens keep what the recogniser
 * wrote. Traditional characters that simplified ones do not tell apart (發 and 髮 both become 发) are lost by it.
 */
export async function scriptWriter(script: WantedScript): Promise<ScriptWriter> {
  const convert = await converterTo(script);
  let changed = '';
  return {
    write(segment) {
      const text = convert(segment.text);
      if (text === segment.text) return segment;
      changed += differing(segment.text, text);
      return { ...segment, text, words: wordsIn(segment.words, convert) };
    },
    changed: () => changed,
  };
}

async function converterTo(script: WantedScript): Promise<(text: string) => string> {
  if (script === 'simplified') return loadSimplified();
  return (await import('opencc-js/cn2t')).Converter({ from: 'cn', to: 't' });
}

/** Converts words all at once, as a text, so that each is seen in its surroundings; one by one where that changes lengths. */
function wordsIn(words: readonly Word[], convert: (text: string) => string): Word[] {
  const lengths = words.map(({ text }) => [...text].length);
  const all = [...convert(words.map(({ text }) => text).join(''))];
  if (all.length !== lengths.reduce((sum, length) => sum + length, 0)) {
    return words.map((word) => ({ ...word, text: convert(word.text) }));
  }
  let at = 0;
  return words.map((word, index) => {
    const from = at;
    at += lengths[index] ?? 0;
    return { ...word, text: all.slice(from, at).join('') };
  });
}

function differing(before: string, after: string): string {
  const written = [...after];
  return [...before].filter((character, at) => character !== written[at]).join('');
}
