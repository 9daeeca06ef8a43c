import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CatalogueEntry, CatalogueFile } from '../catalogue.ts';
import { createModelStore } from '../index.ts';
import type { PreparationRegistry } from '../prepare/run.ts';
import type { ModelStoreSettings } from '../settings.ts';

export const bytes = (length: number) => new Uint8Array(randomBytes(length));

/** Pins a file as the catalogue does. */
export function pinned(path: string, content: Uint8Array | string, sources: CatalogueFile['sources']): CatalogueFile {
  const sha256 = createHash('sha256').update(content).digest('hex');
  return { path, sha256, sizeBytes: Buffer.byteLength(content), sources };
}

/** An empty home with a catalogue of the test's own, and a way to open stores in it. */
export function testHome(files: readonly CatalogueFile[], more: Partial<CatalogueEntry> = {}) {
  const home = mkdtempSync(join(tmpdir(), 'sensorium-models-'));
  const catalogue = join(home, 'catalogue');
  mkdirSync(catalogue);
  const entry = {
    id: 'toy',
    title: 'A toy',
    stage: 'ask',
    license: 'MIT',
    languages: ['en'],
    homepage: 'https://example.org/toy',
    files,
    ...more,
  };
  writeFileSync(join(catalogue, `${entry.id}.json`), JSON.stringify(entry));
  const settings: ModelStoreSettings = {
    home,
    offline: false,
    sources: ['huggingface', 'modelscope', 'npm', 'pip', 'url'],
    hf: { endpoint: 'http://127.0.0.1:1' },
    catalogue,
    timeouts: { connectMs: 500, headMs: 500, stallMs: 500 },
  };
  return {
    home,
    settings,
    folder: join(home, 'models', entry.id),
    store: (changes: Partial<ModelStoreSettings> = {}, registry?: PreparationRegistry) =>
      createModelStore({ ...settings, ...changes }, registry),
  };
}

export function context(): { signal: AbortSignal } {
  return { signal: new AbortController().signal };
}
