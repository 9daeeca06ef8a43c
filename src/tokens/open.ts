import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isSensoriumError } from '#contract/error.ts';
import { openEmbeddingTable } from './embedding-table.ts';
import { readGguf } from './gguf-file.ts';
import { type Vocabulary, vocabularyOf } from './gguf-tokenizer.ts';
import { readTokenizerJson } from './json-file.ts';
import { type ModelTokens, makeModelTokens } from './model-tokens.ts';
import { bytesOfPiece, isNeverInText } from './token-bytes.ts';
import { readTrained } from './trained.ts';
import { unusable } from './unusable.ts';

export interface OpenOptions {
  /** Where what was read of an embedding table is kept; without it the table is read each time. */
  readonly cacheFolder?: string | undefined;
}

/**
 * Opens the tokenizer of a language model: a `.gguf` file, a `tokenizer.json`, or a folder with one. Where the embedding table is
 * at hand (in the GGUF file, or in safetensors beside the tokenizer.json) it is read too: seconds the first time. Throws
 * `ledger.tokenizer-unusable`. Cutting the vocabulary of 152,000 tokens takes about a second of processor time.
 */
export async function openTokens(source: string, signal: AbortSignal, options: OpenOptions = {}): Promise<ModelTokens> {
  const isGguf = source.endsWith('.gguf');
  const vocabulary = isGguf ? vocabularyOf(await readGguf(source, signal)) : await readTokenizerJson(source, signal);
  const table = isGguf ? source : await folderOf(source);
  const trained = await readTrained(
    isGguf ? source : await weightsIn(table),
    () => openEmbeddingTable(table, signal),
    untrainedIn(vocabulary),
    { signal, cacheFolder: options.cacheFolder },
  ).catch((error: unknown) => {
    // A tokenizer without a table is still one; a table in a form that nobody reads here is as none.
    if (isSensoriumError(error) || (error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  });
  try {
    return makeModelTokens(vocabulary, trained);
  } catch (error) {
    throw unusable(source, 'its parts do not fit together.', error);
  }
}

/** The file whose date tells whether the weights in a folder are others now. */
async function weightsIn(folder: string): Promise<string> {
  const index = join(folder, 'model.safetensors.index.json');
  return (await stat(index).catch(() => null)) ? index : join(folder, 'model.safetensors');
}

async function folderOf(source: string): Promise<string> {
  return (await stat(source)).isDirectory() ? source : dirname(source);
}

/** Names that model makers give to places they keep free. */
const KEPT_FREE =
  /^(\[PAD\d+\]|<unused\d+>|<\|reserved_special_token_\d+\|>|<\|?reserved_?\d+\|?>|<\|extra_\d+\|>|<｜place▁holder▁no▁\d+｜>)$/;

/** Tokens no text can have given: those kept free, and single bytes that are in no UTF-8. */
function untrainedIn({ pieces, kind, literal, unused }: Vocabulary): ReadonlySet<number> {
  const found = new Set(unused);
  for (const [id, piece] of pieces.entries()) {
    if (KEPT_FREE.test(piece)) found.add(id);
    else if (!literal.has(id) && piece.length <= 6 && isNeverInText(bytesOfPiece(piece, kind, false))) found.add(id);
  }
  return found;
}
