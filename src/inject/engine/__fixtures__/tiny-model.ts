import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** As wide as the models of our conformance servers. */
export const WIDTH = 8;
const WORDS = ['a', 'b', 'c', 'd', 'e', 'f'];

/** A model's folder: six words, and a table whose row n adds up to n + 1, so that vectors say what tokens say. */
export function tinyModel(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sensorium-remote-'));
  const tokenizer = {
    version: '1.0',
    ...{ normalizer: null, post_processor: null, decoder: null, added_tokens: [] },
    pre_tokenizer: { type: 'Whitespace' },
    model: { type: 'WordLevel', vocab: Object.fromEntries(WORDS.map((word, at) => [word, at])), unk_token: 'a' },
  };
  writeFileSync(join(folder, 'tokenizer.json'), JSON.stringify(tokenizer));
  writeFileSync(join(folder, 'tokenizer_config.json'), '{}');
  const table = new Float32Array(WORDS.length * WIDTH);
  for (let row = 0; row < WORDS.length; row++) table[row * WIDTH] = row + 1;
  const head = JSON.stringify({
    'model.embed_tokens.weight': { dtype: 'F32', shape: [WORDS.length, WIDTH], data_offsets: [0, table.byteLength] },
  });
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(head.length));
  writeFileSync(join(folder, 'model.safetensors'), Buffer.concat([size, Buffer.from(head), Buffer.from(table.buffer)]));
  return folder;
}
