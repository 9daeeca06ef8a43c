import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { installedVersion } from '../optional.ts';
import { llamaApi } from './api.ts';
import { loadKoffi } from './koffi.ts';
import { openLibraries } from './library.ts';
import { openTable } from './table.ts';

interface Block {
  readonly type: number;
  readonly name: string;
  readonly bytes: string;
  readonly values: string;
}

/** Random blocks, and what `gguf.quants.dequantize` of the gguf package for Python (0.19) made of them. */
const BLOCKS: Block[] = JSON.parse(
  readFileSync(new URL('../../tokens/__fixtures__/blocks.json', import.meta.url), 'utf8'),
);

const isMissing = installedVersion('koffi') === null || installedVersion('node-llama-cpp') === null;
if (isMissing) console.log('skipped: koffi or node-llama-cpp is not installed');

describe.skipIf(isMissing)('llama.cpp’s own library', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sensorium-table-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(BLOCKS)('unpacks $name as the format’s own package does', async ({ type, name, bytes, values }) => {
    const libraries = await openLibraries(await loadKoffi());
    const path = join(folder, name);
    const raw = Buffer.from(bytes, 'base64');
    writeFileSync(path, Buffer.concat([Buffer.alloc(7), raw, raw]));
    const expected = new Float32Array(new Uint8Array(Buffer.from(values, 'base64')).buffer);
    const table = await openTable(path, { offset: 7, type, width: expected.length, count: 2 }, libraries);
    const rows = await table.rows([1, 0]);
    await table.close();
    expect(table.typeName.toUpperCase()).toBe(name.toUpperCase());
    expect(rows.length).toBe(expected.length * 2);
    for (const [at, value] of expected.entries()) {
      expect(rows[at]).toBeCloseTo(value, 5);
      expect(rows[expected.length + at]).toBeCloseTo(value, 5);
    }
  });

  it('refuses a row that the table has not, and a table that is cut', async () => {
    const libraries = await openLibraries(await loadKoffi());
    const path = join(folder, 'short');
    writeFileSync(path, Buffer.alloc(64));
    const place = { offset: 0, type: 0, width: 4, count: 4 };
    const table = await openTable(path, place, libraries);
    await expect(table.rows([4])).rejects.toMatchObject({ details: { code: 'EMB_ENGINE_ABI' } });
    await table.close();
    await expect(openTable(path, { ...place, count: 5 }, libraries)).rejects.toMatchObject({
      code: 'inject.engine-unusable',
    });
  });

  it('is refused where it is not there, is of another version, or has its fields elsewhere', async () => {
    const koffi = await loadKoffi();
    const abi = { code: 'inject.engine-unusable', details: { code: 'EMB_ENGINE_ABI' } };
    await expect(openLibraries(koffi, folder)).rejects.toMatchObject(abi);
    const libraries = await openLibraries(koffi);
    const other = (name: string, answer: (...values: readonly unknown[]) => unknown) => ({
      ...libraries,
      llama: {
        symbol: libraries.llama.symbol,
        func: (...[asked, result, parameters]: Parameters<typeof libraries.llama.func>) => {
          const real = libraries.llama.func(asked, result, parameters);
          return asked === name ? Object.assign(answer, { async: real.async }) : real;
        },
      },
    });
    expect(llamaApi(libraries).version).toMatch(/^0\.5\./);
    expect(() => llamaApi(other('llama_version', () => '0.6.1'))).toThrow(/llama\.cpp 0\.6\.1/);
    const bytes = new Uint8Array(512);
    expect(() => llamaApi(other('llama_context_default_params', () => ({ bytes, aligned: 0 })))).toThrow(
      /begin with 0, 0, 0/,
    );
    const batch = { n_tokens: 0, token: 1n, embd: 1n, pos: 1n, n_seq_id: 1n, seq_id: 1n, logits: 1n };
    expect(() => llamaApi(other('llama_batch_init', () => batch))).toThrow(/pointers elsewhere/);
  });
});
