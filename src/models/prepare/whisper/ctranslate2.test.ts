import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ctranslate2File, floats } from '../__fixtures__/ctranslate2.ts';
import { openCtranslate2 } from './ctranslate2.ts';

const path = join(mkdtempSync(join(tmpdir(), 'sensorium-ctranslate2-')), 'model.bin');
const HALVES = Buffer.from(Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x7bff, 0x8000, 0x3555).buffer);
const EXAMPLE = ctranslate2File(
  [
    { name: 'half', dims: [2, 3], type: 4, bytes: HALVES },
    floats('float', [2], Float32Array.of(0.5, -3)),
    { name: 'heads', dims: [], type: 2, bytes: Buffer.of(8, 0) },
    { name: 'flag', dims: [], type: 1, bytes: Buffer.of(0xff) },
    { name: 'whole', dims: [], type: 3, bytes: Buffer.of(1, 1, 0, 0) },
  ],
  [['other', 'half']],
);

function open(bytes: Uint8Array) {
  writeFileSync(path, bytes);
  return openCtranslate2(path);
}

it('reads numbers of each kind, also under another name', async () => {
  const model = await open(EXAMPLE);
  expect(model.spec).toBe('WhisperSpec');
  // Values of binary16 from IEEE 754: 1, -2, the least above zero, the greatest, -0, nearly a third.
  expect([...(await model.floats('half', [2, 3]))]).toEqual([1, -2, 2 ** -24, 65_504, -0, 0.333251953125]);
  expect(await model.floats('other', [2, 3])).toEqual(await model.floats('half', [2, 3]));
  expect([...(await model.floats('float', [2]))]).toEqual([0.5, -3]);
  expect([await model.integer('heads'), await model.integer('flag'), await model.integer('whole')]).toEqual([
    8, -1, 257,
  ]);
  expect(model.dims('half')).toEqual([2, 3]);
  expect(model.dims('none')).toBeUndefined();
  await expect(model.floats('half', [3, 2])).rejects.toThrow('half is 2×3, not 3×2');
  await expect(model.floats('none', [1])).rejects.toThrow('no none');
  await expect(model.floats('heads', [])).rejects.toThrow('float16');
  await expect(model.integer('half')).rejects.toThrow('whole number');
  await model.close();
});

it('reads large files by the piece: a table that does not fit one look', async () => {
  const many = Array.from({ length: 300 }, (_, at) => floats(`${'name'.repeat(20)}.${at}`, [1], Float32Array.of(at)));
  const model = await open(ctranslate2File(many));
  const last = many.at(-1)?.name ?? '';
  expect([...(await model.floats(last, [1]))]).toEqual([299]);
  await model.close();
});

it('refuses a file cut off anywhere', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: EXAMPLE.length - 1 }), async (length) => {
      await expect(open(EXAMPLE.subarray(0, length))).rejects.toThrow(/ends inside|known version/);
    }),
    { numRuns: 60 },
  );
});

it('reads or refuses a file with any byte changed, and never asks for more than the file has', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(EXAMPLE.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
      const bytes = Buffer.from(EXAMPLE);
      bytes[at] = (bytes[at] ?? 0) ^ change;
      const model = await open(bytes).catch((error) => error);
      if (model instanceof Error) {
        expect(model.constructor).toBe(Error);
        return;
      }
      for (const name of model.names) {
        const numbers = await model.floats(name, model.dims(name) ?? []).catch(() => null);
        expect((numbers?.length ?? 0) * 2).toBeLessThanOrEqual(EXAMPLE.length);
      }
      await model.close();
    }),
    { numRuns: 150 },
  );
});
