import { openEmbeddingTable, openTokens } from '#tokens/index.ts';
import { unusable } from '../vectors.ts';
import { denseOf } from './dense.ts';
import type { Pairs } from './fit.ts';

/** Anchors between two language models: tokens that stand for the same bytes in both, and the one's rows for them. */
export interface SharedTokens extends Pairs {
  /** All tokens of the target that the other has too, as far as a mixture may use them. */
  readonly candidates: readonly number[];
}

export interface SharedOptions {
  readonly foreign: string;
  /** A text's tokens in the target model. */
  tokenize(text: string, signal: AbortSignal): Promise<readonly number[]>;
  readonly anchors: number;
  readonly mostCandidates: number;
  readonly signal: AbortSignal;
  readonly cacheFolder?: string | undefined;
}

/**
 * Finds anchors in the order of the other model's vocabulary, where frequent ones come first, leaving out those that are not text
 * (single bytes of a character, special tokens, ones the other hardly trained). `anchors` of them are spread over those found.
 */
export async function sharedTokens({
  foreign,
  tokenize,
  anchors,
  mostCandidates,
  signal,
  cacheFolder,
}: SharedOptions): Promise<SharedTokens> {
  const tokens = await openTokens(foreign, signal, { cacheFolder });
  const pairs: { readonly theirs: number; readonly own: number }[] = [];
  for (let theirs = 0; theirs < tokens.size && pairs.length < mostCandidates; theirs++) {
    const text = textOf(tokens.bytesOf(theirs));
    if (text === null || tokens.encode(text).length !== 1) continue;
    const own = await tokenize(text, signal);
    if (own.length === 1) pairs.push({ theirs, own: own[0] ?? 0 });
  }
  const every = Math.max(1, Math.floor(pairs.length / anchors));
  const chosen = pairs.filter((_, at) => at % every === 0).slice(0, anchors);
  if (chosen.length === 0)
    throw unusable(foreign, 'it shares no token with the model.', 'Name a model of the same languages.');
  const table = await openEmbeddingTable(foreign, signal);
  try {
    const rows = await table.rows(chosen.map(({ theirs }) => theirs));
    const values = new Float32Array(rows.length * table.width);
    rows.forEach((one, at) => void values.set(one, at * table.width));
    return {
      inputs: denseOf(values, table.width),
      units: chosen.map(({ own }) => [own]),
      candidates: [...new Set(pairs.map(({ own }) => own))],
    };
  } finally {
    await table.close();
  }
}

function textOf(bytes: Uint8Array): string | null {
  if (bytes.length < 2) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
