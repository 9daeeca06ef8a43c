import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { capabilitiesOf } from '#ask/index.ts';
import { evidenceFor } from '#contract/capabilities.ts';
import { openFoundModels } from './found.ts';

const today = () => new Date('2026-11-26T10:00:00Z');
const folder = () => mkdtempSync(join(tmpdir(), 'sensorium-found-'));

it('remembers what came of a trial, with its evidence, also for the next process', () => {
  const home = folder();
  openFoundModels(home, today).remember('house:seer', 'image', true, 'tried: it answered');
  openFoundModels(home, today).remember('house:seer', 'audio', false, 'tried: it was refused');
  const found = openFoundModels(home).of('house');
  const capabilities = capabilitiesOf('house:seer', {
    providers: { house: { baseUrl: 'http://127.0.0.1:1/v1', found } },
  });
  expect(capabilities.input).toMatchObject({ image: true, audio: false, video: 'unknown' });
  expect(evidenceFor(capabilities, 'input.image').date).toBe('2026-11-26');
  expect(openFoundModels(home).of('other')).toEqual({});
});

it('lets the user’s own word stand before what was tried', () => {
  const home = folder();
  const store = openFoundModels(home, today);
  store.remember('house:seer', 'image', true, 'tried: it answered');
  const provider = {
    baseUrl: 'http://127.0.0.1:1/v1',
    found: store.of('house'),
    models: { seer: { input: ['text' as const] } },
  };
  const capabilities = capabilitiesOf('house:seer', { providers: { house: provider } });
  expect(capabilities.input.image).toBe(false);
  expect(evidenceFor(capabilities, 'input.image')).toEqual({ source: 'configuration', date: null });
});

it('begins anew where the file is broken, and goes on where it cannot be written', () => {
  const home = folder();
  writeFileSync(join(home, 'found-models.json'), '{');
  const store = openFoundModels(home, today);
  expect(store.of('house')).toEqual({});
  store.remember('house:seer', 'image', true, 'tried');
  expect(JSON.parse(readFileSync(join(home, 'found-models.json'), 'utf8'))['house:seer'].image.takes).toBe(true);
  const nowhere = openFoundModels(join(home, 'found-models.json'), today);
  nowhere.remember('house:seer', 'audio', true, 'tried');
  expect(Object.keys(nowhere.of('house'))).toEqual(['seer']);
});
