import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ggufBytes, tinyLlama, tinyProjector } from './dialects/local-mtmd/__fixtures__/tiny-gguf.ts';
import { readGgufHeader } from './gguf-header.ts';
import { projectorCapabilities } from './local-models.ts';

const folder = mkdtempSync(join(tmpdir(), 'sensorium-gguf-'));
const written = (bytes: Uint8Array) => {
  const path = join(folder, 'file.gguf');
  writeFileSync(path, bytes);
  return path;
};

it('reads the keys of each type and passes over lists', () => {
  const model = tinyLlama();
  const keys = {
    ...model.keys,
    'x.small': { type: 'i32', value: -7 },
    'x.yes': { type: 'bool', value: true },
  } as const;
  const header = readGgufHeader(written(ggufBytes({ ...model, keys })));
  expect(header?.isWhole).toBe(true);
  expect(Object.fromEntries(header?.keys ?? [])).toMatchObject({
    'general.architecture': 'llama',
    'llama.context_length': 2048,
    'llama.attention.layer_norm_rms_epsilon': expect.closeTo(1e-5, 8),
    'tokenizer.ggml.eos_token_id': 2,
    'x.small': -7,
    'x.yes': true,
  });
  expect(header?.keys.has('tokenizer.ggml.tokens')).toBe(false);
});

it('says what a projector takes, from the head of its file', () => {
  const input = (eye: boolean, ear: boolean) =>
    projectorCapabilities(written(ggufBytes(tinyProjector({ eye, ear })))).input;
  expect(input(true, false)).toMatchObject({ image: true, audio: false, video: false, text: true });
  expect(input(false, true)).toMatchObject({ image: false, audio: true });
  expect(projectorCapabilities(join(folder, 'none.gguf'))).toMatchObject({
    input: { image: 'unknown', audio: 'unknown' },
    source: expect.stringContaining('the mmproj file none.gguf'),
  });
});

const whole = ggufBytes(tinyProjector({ eye: true, ear: false }));

it('tells a file that is cut in its weights, and none from one that is none', () => {
  expect(readGgufHeader(written(whole.subarray(0, whole.length / 2)))).toMatchObject({ isWhole: false });
  const newer = Buffer.from(whole);
  newer.writeUInt32LE(9, 4);
  const endless = Buffer.from(whole);
  endless.writeBigUInt64LE(2n ** 60n, 16);
  for (const bytes of [
    Buffer.alloc(0),
    Buffer.from('GGUF'),
    Buffer.from('words'),
    newer,
    endless,
    whole.subarray(0, 300),
  ]) {
    expect(readGgufHeader(written(bytes))).toBeNull();
  }
  expect(readGgufHeader(folder)).toBeNull();
});
