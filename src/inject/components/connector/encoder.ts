import { access } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import type { MediaKind } from '#contract/media.ts';
import type { ComponentInput } from '#contract/ports.ts';
import { hashFile } from '#kit/hash-file.ts';
import { openEmbeddingTable, openTokens } from '#tokens/index.ts';
import { wordsOf } from '../identity.ts';
import { unusable } from '../vectors.ts';
import { type Dense, denseOf } from './dense.ts';
import { readVectors } from './vectors-file.ts';

/**
 * Where the vectors come from that a connector maps. `table`: another language model's own table, read from its file; `outputs`: a
 * folder with what an encoder made of each medium, in a file named by the medium's SHA-256 (`<sha256>.npy` or `.safetensors`).
 */
export const EncoderSource = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('table'), path: z.string() }),
  z.object({ kind: z.literal('outputs'), folder: z.string().nullable() }),
]);
export type EncoderSource = z.infer<typeof EncoderSource>;

export interface Encoder {
  readonly name: string;
  readonly sha256: string | null;
  readonly takes: readonly MediaKind[];
  /** Rows for an input, and its words as far as they are known. */
  encode(input: ComponentInput): Promise<{ readonly rows: Dense; readonly surrogate: string }>;
  close(): Promise<void>;
}

/** Another language model's tokenizer and table: its rows for a text. Reading its vocabulary takes about a second. */
export async function tableEncoder(path: string, signal: AbortSignal, cacheFolder?: string): Promise<Encoder> {
  const tokens = await openTokens(path, signal, { cacheFolder });
  const table = await openEmbeddingTable(path, signal);
  return {
    ...{ name: `table:${basename(path)}`, sha256: await hashFile(path, signal), takes: ['text'] },
    encode: async (input) => {
      const surrogate = wordsOf(input, 'a connector');
      const rows = await table.rows(tokens.encode(surrogate));
      return {
        rows: denseOf(
          rows.flatMap((one) => [...one]),
          table.width,
        ),
        surrogate,
      };
    },
    close: () => table.close(),
  };
}

/** Outputs that an encoder has left in a folder. What they stand for in words is what was perceived of the medium. */
export function outputsEncoder(name: string, folder: string | null): Encoder {
  return {
    ...{ name, sha256: null, takes: ['audio', 'image', 'video', 'document'] },
    encode: async (input) => {
      const surrogate = wordsOf(input, name);
      const sha256 = input.media?.media.sha256;
      if (folder === null || sha256 === undefined)
        throw unusable(name, 'its encoder runs elsewhere, and no folder with its outputs was named.', OUTPUTS_HINT);
      for (const ending of ['npy', 'safetensors']) {
        const path = join(folder, `${sha256}.${ending}`);
        if (
          !(await access(path).then(
            () => true,
            () => false,
          ))
        )
          continue;
        const { columns, values } = await readVectors(path);
        return { rows: denseOf(values, columns), surrogate };
      }
      throw unusable(name, `the encoder has left nothing for ${input.part} in its folder.`, OUTPUTS_HINT);
    },
    close: async () => {},
  };
}

const OUTPUTS_HINT =
  'Fit with --outputs FOLDER and put the encoder’s rows for each medium there, in a file named by its SHA-256 (.npy).';
