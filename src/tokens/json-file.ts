import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Vocabulary } from './gguf-tokenizer.ts';
import type { PieceKind } from './token-bytes.ts';
import { unusable } from './unusable.ts';

/** The largest known here is Gemma's, 33 MB. */
const MAX_BYTES = 256 * 1024 * 1024;

interface Step {
  readonly type?: unknown;
  readonly decoders?: readonly Step[];
}

interface Described {
  readonly decoder?: Step | null;
  readonly model?: { readonly type?: unknown; readonly vocab?: unknown };
  readonly added_tokens?: readonly { readonly id: number; readonly content: string }[];
}

/** Reads a `tokenizer.json`, or the one in a folder. Throws `ledger.tokenizer-unusable`. */
export async function readTokenizerJson(source: string, signal: AbortSignal): Promise<Vocabulary> {
  const { path, name } = await found(source);
  const text = await readFile(path, { encoding: 'utf8', signal });
  try {
    const json = JSON.parse(text) as Described;
    return { name, ...piecesOf(json), kind: kindOf(json), unused: new Set(), json };
  } catch (error) {
    throw unusable(path, 'it is no tokenizer.json.', error);
  }
}

async function found(source: string): Promise<{ path: string; name: string }> {
  try {
    const path = (await stat(source)).isDirectory() ? join(source, 'tokenizer.json') : source;
    const { size } = await stat(path);
    if (size > MAX_BYTES) throw unusable(path, `it has ${size} bytes; ${MAX_BYTES} are the most.`);
    return { path, name: basename(path) === 'tokenizer.json' ? basename(dirname(path)) : basename(path, '.json') };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    throw (error as { blame?: unknown }).blame ? error : unusable(source, 'there is no such file.', error);
  }
}

function piecesOf({ model, added_tokens: added = [] }: Described): { pieces: string[]; literal: Set<number> } {
  const pieces: string[] = [];
  const vocab = model?.vocab;
  // Unigram models list their pieces with scores, the others number them.
  if (Array.isArray(vocab)) for (const [piece] of vocab as [string, number][]) pieces.push(piece);
  else if (typeof vocab === 'object' && vocab !== null) {
    for (const [piece, id] of Object.entries(vocab)) if (Number.isSafeInteger(id) && id >= 0) pieces[id] = piece;
  }
  if (pieces.length === 0) throw new TypeError('no vocabulary');
  for (const { id, content } of added) pieces[id] = content;
  if (pieces.length > 10_000_000) throw new TypeError('token numbers are too high');
  return { pieces: Array.from(pieces, (piece) => piece ?? ''), literal: new Set(added.map(({ id }) => id)) };
}

function kindOf({ decoder, model }: Described): PieceKind {
  const steps = new Set(stepsOf(decoder));
  if (steps.has('ByteLevel')) return 'byte-level';
  return steps.has('ByteFallback') || steps.has('Metaspace') || model?.type === 'Unigram' ? 'sentence-piece' : 'plain';
}

function stepsOf(step: Step | null | undefined): readonly unknown[] {
  return step ? [step.type, ...(step.decoders ?? []).flatMap(stepsOf)] : [];
}
