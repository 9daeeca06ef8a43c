import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelStore } from '#contract/ports.ts';
import { createEnglishPhonemizer } from '#speak/phonemes/index.ts';
import { createSegmenter, createSpeechFilter } from '#speak/text/index.ts';
import { normaliseForSpeech } from '#spoken/index.ts';

/** Kokoro's token ids of each sentence, without padding: what the peer is given in place of text. */
export type TokensOf = (sentences: readonly string[]) => readonly (readonly number[])[];

/** Loads our pronunciation data and Kokoro's vocabulary. */
export async function prepareTokens(store: ModelStore, signal: AbortSignal): Promise<TokensOf> {
  const [modelDir, lexiconDir, g2pDir] = await Promise.all(
    ['kokoro-82m', 'english-lexicon', 'english-g2p'].map((model) => store.ensure(model, { signal })),
  );
  if (!modelDir || !lexiconDir || !g2pDir) throw new Error('The speech models have no folder.');
  const { vocab } = JSON.parse(await readFile(join(modelDir, 'vocab.json'), 'utf8')) as {
    vocab: Readonly<Record<string, number>>;
  };
  const phonemizer = await createEnglishPhonemizer({ lexiconDir, g2pDir, variant: 'us' });
  return (sentences) =>
    sentences.map((sentence) => {
      const ids = [...phonemizer.phonemize(sentence).phonemes].flatMap((symbol) => vocab[symbol] ?? []);
      if (ids.length === 0) throw new Error(`No phonemes for “${sentence}”.`);
      return ids;
    });
}

/** An answer as whole sentences without markup, numbers in words: what a careful cascade would speak. */
export function sentencesOf(text: string): string[] {
  const filter = createSpeechFilter();
  const segmenter = createSegmenter();
  const plain = filter.push(text).text + filter.end().text;
  return [...segmenter.push(plain), ...segmenter.end()]
    .map((piece) => normaliseForSpeech(piece.text, { language: 'en' }).text.trim())
    .filter((sentence) => /[\p{L}\p{N}]/u.test(sentence));
}
