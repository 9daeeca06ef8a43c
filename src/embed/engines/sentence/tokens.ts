import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';
import type { SentenceModel } from './model.ts';

/** A text as the model reads it, its marks around it. `unknown` counts tokens the model can make nothing of. */
export interface Tokens {
  readonly ids: readonly number[];
  readonly unknown: number;
}

/** What the library gives; its own types do not resolve under Node's rules. */
interface Encoding {
  readonly ids: readonly number[];
  readonly tokens: readonly string[];
}

/**
 * Each ideograph is a word by itself (`BertNormalizer` of huggingface/tokenizers, whose ranges these are). The library in
 * JavaScript does not see those beyond the first plane and would read a word with one of them as unknown.
 */
const RARE_IDEOGRAPH = /[\u{20000}-\u{2a6df}\u{2a700}-\u{2b81f}\u{2b920}-\u{2ceaf}\u{2f800}-\u{2fa1f}]/gu;

/** Reads the model's tokenizer. The function it gives never cuts a text, whatever the model's files say. */
export async function readTokenizer(
  modelDir: string,
  { unknown, foreignLetter }: Pick<SentenceModel, 'unknown' | 'foreignLetter'>,
): Promise<(text: string) => Tokens> {
  const [rules, settings] = await Promise.all(
    ['tokenizer.json', 'tokenizer_config.json'].map(
      async (file) => JSON.parse(await readFile(join(modelDir, file), 'utf8')) as object,
    ),
  );
  const isWordPiece = (rules as { model?: { type?: unknown } } | undefined)?.model?.type === 'WordPiece';
  const tokenizer = new Tokenizer(rules ?? {}, settings ?? {});
  return (text) => {
    const { ids, tokens }: Encoding = tokenizer.encode(isWordPiece ? text.replaceAll(RARE_IDEOGRAPH, ' $& ') : text);
    return { ids, unknown: tokens.filter((token) => token === unknown || foreignLetter?.test(token)).length };
  };
}
