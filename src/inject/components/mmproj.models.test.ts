import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';
import { loaderFlags } from '#kit/from-source.ts';
import { installedVersion } from '#runtime/optional.ts';
import { colourPng, tone } from '../../ask/dialects/local-mtmd/__fixtures__/media-bytes.ts';
import { writeTinyModels } from '../../ask/dialects/local-mtmd/__fixtures__/tiny-gguf.ts';
import { openLocalVectorModel } from '../engine/local.ts';
import { missingForMtmd } from './__fixtures__/can-run-mtmd.ts';
import { part, soundOf } from './__fixtures__/media-part.ts';
import { openComponent } from './open.ts';

const { signal } = new AbortController();
const missing = missingForMtmd() ?? (installedVersion('node-llama-cpp') === null ? 'node-llama-cpp' : null);
if (missing) console.log(`mmproj beside the library: skipped, ${missing} is not here.`);

const folder = mkdtempSync(join(tmpdir(), 'mmproj-'));
afterAll(() => rmSync(folder, { recursive: true }));
const files = writeTinyModels(folder);
const script = fileURLToPath(new URL('./__fixtures__/complete-with-media.ts', import.meta.url));

/** What the library writes by itself about a medium, and the prompt as it counts it: −1 for each row of the medium. */
async function theirs(name: string, bytes: Uint8Array): Promise<{ tokens: number[]; text: string }> {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  const told = await promisify(execFile)(process.execPath, [
    ...loaderFlags(script),
    script,
    files.model,
    files.both,
    path,
  ]);
  return JSON.parse(told.stdout.trim().split('\n').at(-1) ?? '');
}

// Tiny random weights, but the real library on both sides: @fugood/llama.node goes its own way, we hand rows to libllama.
it.skipIf(missing !== null)(
  'makes the very vectors that the library uses: what the model goes on to write is the same',
  async () => {
    const model = await openLocalVectorModel({ id: 'tiny', path: files.model });
    const component = await openComponent(`mmproj:${files.both}`, { model, home: folder, signal });
    try {
      expect(component.manifest).toMatchObject({ kind: 'mmproj', takes: ['image', 'audio'], target: { width: 64 } });
      const [red, blue, low] = [colourPng([200, 30, 60]), colourPng([20, 30, 220]), tone(440)];
      const written = new Set<string>();
      for (const [name, bytes, input] of [
        ['red.png', red, part('image', red)],
        ['blue.png', blue, part('image', blue)],
        ['low.wav', low, part('audio', low, soundOf(low))],
      ] as const) {
        const { rows, values } = await component.embed(input, { signal, note: () => {} });
        const { tokens, text } = await theirs(name, bytes);
        const first = tokens.indexOf(-1);
        expect(tokens.filter((token) => token === -1)).toHaveLength(rows);
        const prompt = [
          { tokens: tokens.slice(0, first) },
          { vectors: values },
          { tokens: tokens.slice(first + rows) },
        ];
        expect(await model.write(prompt, 12, signal), name).toBe(text);
        written.add(text);
      }
      expect(written.size).toBe(3);
    } finally {
      await component.close();
      await model.close();
    }
  },
);
