import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { rm } from 'node:fs/promises';
import { BYTE_OF_LETTER } from '../token-bytes.ts';

type Value = string | number | boolean | readonly string[] | readonly number[];

interface Tensor {
  readonly type: number;
  readonly width: number;
  readonly count: number;
  readonly bytes: Buffer;
}

const u32 = (value: number) => Buffer.from(Uint32Array.of(value).buffer);
const u64 = (value: number) => Buffer.from(BigUint64Array.of(BigInt(value)).buffer);
const text = (value: string) => Buffer.concat([u64(Buffer.byteLength(value)), Buffer.from(value)]);

function bytesOfValue(value: Value): Buffer {
  if (typeof value === 'string') return Buffer.concat([u32(8), text(value)]);
  if (typeof value === 'boolean') return Buffer.concat([u32(7), Buffer.of(value ? 1 : 0)]);
  if (typeof value === 'number') return Buffer.concat([u32(4), u32(value)]);
  const head = (type: number) => Buffer.concat([u32(9), u32(type), u64(value.length)]);
  const isText = (list: readonly string[] | readonly number[]): list is readonly string[] => typeof list[0] === 'string';
  if (isText(value)) return Buffer.concat([head(8), ...value.map(text)]);
  return Buffer.concat([head(6), Buffer.from(Float32Array.from(value).buffer)]);
}

/** The bytes of a GGUF file (github.com/ggml-org/ggml, docs/gguf.md, version 3). */
export function ggufBytes(keys: Readonly<Record<string, Value>>, tensors: Readonly<Record<string, Tensor>> = {}): Buffer {
  let offset = 0;
  const infos = Object.entries(tensors).map(([name, { type, width, count, bytes }]) => {
    const info = Buffer.concat([text(name), u32(2), u64(width), u64(count), u32(type), u64(offset)]);
    offset += Math.ceil(bytes.length / 32) * 32;
    return info;
  });
  const entries = Object.entries(keys).map(([key, value]) => Buffer.concat([text(key), bytesOfValue(value)]));
  const head = Buffer.concat([Buffer.from('GGUF'), u32(3), u64(infos.length), u64(entries.length), ...entries, ...infos]);
  const padded = (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc(Math.ceil(bytes.length / 32) * 32 - bytes.length)]);
  return Buffer.concat([padded(head), ...Object.values(tensors).map(({ bytes }) => padded(bytes))]);
}

const LETTERS = [...BYTE_OF_LETTER].sort(([, a], [, b]) => a - b).map(([letter]) => letter);
const lettersOf = (word: string) => Array.from(Buffer.from(word), (byte) => LETTERS[byte] ?? '');

/** A small byte-level vocabulary: all bytes, each word made whole by merges, a mark, a mark that users may write, a free place. */
export function byteLevelKeys(words: readonly string[], pre = 'qwen2'): Record<string, Value> {
  const pieces = [...LETTERS];
  const merges: string[] = [];
  for (const word of words) {
    let left = '';
    for (const letter of lettersOf(word)) {
      const joined = left + letter;
      if (left !== '' && !pieces.includes(joined)) {
        pieces.push(joined);
        merges.push(`${left} ${letter}`);
      }
      left = joined;
    }
  }
  const all = [...pieces, '<|end|>', '<tool>', '[PAD1]'];
  return {
    'general.name': 'made',
    'tokenizer.ggml.model': 'gpt2',
    'tokenizer.ggml.pre': pre,
    'tokenizer.ggml.tokens': all,
    'tokenizer.ggml.token_type': [...pieces.map(() => 1), 3, 4, 5],
    'tokenizer.ggml.merges': merges,
  };
}

/** An F32 table of rows of 4: what `valueOf` says, in each of its numbers. */
export function tableOf(count: number, valueOf: (id: number) => number): Tensor {
  const values = Float32Array.from({ length: count * 4 }, (_, at) => valueOf(Math.floor(at / 4)));
  return { type: 0, width: 4, count, bytes: Buffer.from(values.buffer) };
}

/** Writes a file into a folder that goes when the test is over, and gives its path. */
export async function written(name: string, bytes: Buffer | string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sensorium-tokens-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}
