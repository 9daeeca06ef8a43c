import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { GGML_STORAGE } from './dequantise.ts';

interface Block {
  readonly type: number;
  readonly name: string;
  readonly bytes: string;
  readonly values: string;
}

/** Random blocks, and what `gguf.quants.dequantize` of the gguf package for Python (0.19) made of them. */
const BLOCKS: Block[] = JSON.parse(readFileSync(new URL('__fixtures__/blocks.json', import.meta.url), 'utf8'));

it.each(BLOCKS)('reads $name as the format’s own package does', ({ type, name, bytes, values }) => {
  const storage = GGML_STORAGE.get(type);
  const raw = Buffer.from(bytes, 'base64');
  const expected = new Float32Array(new Uint8Array(Buffer.from(values, 'base64')).buffer);
  const out = new Float32Array(expected.length);
  const view = new DataView(raw.buffer, raw.byteOffset, raw.length);
  const blocks = expected.length / (storage?.values ?? 1);
  expect(raw.length).toBe(blocks * (storage?.bytes ?? 0));
  for (let block = 0; block < blocks; block++) storage?.read(view, block * storage.bytes, out, block * storage.values);
  expect(storage?.name).toBe(name);
  for (const [at, value] of expected.entries()) expect(out[at]).toBeCloseTo(value, 5);
});
