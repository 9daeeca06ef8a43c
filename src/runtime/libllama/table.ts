import { type FileHandle, open } from 'node:fs/promises';
import type { Libraries } from './library.ts';
import { engineUnusable } from './refusals.ts';

/** Where the input table lies in the model's file; `type` is ggml's number for the way it is stored. */
export interface TablePlace {
  readonly offset: number;
  readonly type: number;
  readonly width: number;
  readonly count: number;
}

/** The rows of a model's input table, read from its file when they are asked for. */
export interface Table extends TablePlace {
  /** `q8_0`, `f16`, … as ggml calls it. */
  readonly typeName: string;
  readonly rowBytes: number;
  /** The rows of these tokens, one after the other, as the engine itself unpacks them. */
  rows(tokens: readonly number[]): Promise<Float32Array>;
  close(): Promise<void>;
}

const PLAIN: Readonly<Record<string, string>> = { f16: 'ggml_fp16_to_fp32_row', bf16: 'ggml_bf16_to_fp32_row' };

/** Opens the table of a GGUF file with the engine's own functions for unpacking rows. Throws `inject.engine-unusable`. */
export async function openTable(path: string, place: TablePlace, { base }: Libraries): Promise<Table> {
  const typeName = String(base.func('ggml_type_name', 'str', ['int32_t'])(place.type));
  const rowBytes = Number(base.func('ggml_row_size', 'size_t', ['int32_t', 'int64_t'])(place.type, place.width));
  const unpack = unpacker(typeName, base);
  const file = await open(path, 'r');
  if (rowBytes <= 0 || (await file.stat()).size < place.offset + rowBytes * place.count) {
    await file.close();
    throw engineUnusable('EMB_ENGINE_ABI', 'The model’s input table is not whole.');
  }
  return {
    ...{ ...place, typeName, rowBytes, close: () => file.close() },
    async rows(tokens) {
      const out = new Float32Array(tokens.length * place.width);
      const bytes = Buffer.alloc(rowBytes);
      for (const [at, token] of tokens.entries()) {
        if (!Number.isInteger(token) || token < 0 || token >= place.count) {
          throw engineUnusable('EMB_ENGINE_ABI', `The table has no row ${token}.`);
        }
        await readWhole(file, bytes, place.offset + token * rowBytes);
        unpack(bytes, out.subarray(at * place.width, (at + 1) * place.width));
      }
      return out;
    },
  };
}

function unpacker(typeName: string, base: Libraries['base']): (bytes: Buffer, out: Float32Array) => void {
  if (typeName === 'f32') return (bytes, out) => new Uint8Array(out.buffer, out.byteOffset, out.byteLength).set(bytes);
  const name = PLAIN[typeName] ?? `dequantize_row_${typeName}`;
  try {
    const call = base.func(name, 'void', ['void *', 'void *', 'int64_t']);
    return (bytes, out) => call(bytes, out, out.length);
  } catch (error) {
    throw engineUnusable('EMB_ENGINE_ABI', `This build of ggml cannot unpack rows stored as ${typeName}.`, {
      cause: error,
    });
  }
}

async function readWhole(file: FileHandle, into: Buffer, position: number): Promise<void> {
  let done = 0;
  while (done < into.length) {
    const { bytesRead } = await file.read(into, done, into.length - done, position + done);
    if (bytesRead === 0) throw engineUnusable('EMB_ENGINE_ABI', 'The model’s file ends in its input table.');
    done += bytesRead;
  }
}
