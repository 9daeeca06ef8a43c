import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadConfig } from './load.ts';
import { DEFAULTS } from './schema.ts';
import { listSettings } from './show.ts';

function homeWith(text?: string): string {
  const home = mkdtempSync(join(tmpdir(), 'sensorium-config-'));
  if (text !== undefined) writeFileSync(join(home, 'config.json'), text);
  return home;
}

it('is the defaults when nothing is set', () => {
  const loaded = loadConfig({}, { SENSORIUM_HOME: homeWith() });
  expect(loaded.config).toEqual(DEFAULTS);
  expect(loaded.origins.size).toBe(0);
});

it('prefers option over environment over file, and remembers which it was', () => {
  const home = homeWith('{"ask":{"model":"from-file","temperature":0.5},"speak":{"voice":"bella"}}');
  const loaded = loadConfig(
    { 'ask.model': 'from-option', 'speak.speed': undefined },
    { SENSORIUM_HOME: home, SENSORIUM_MODEL: 'from-env', SENSORIUM_VOICE: 'adam', SENSORIUM_OFFLINE: '1' },
  );
  expect(loaded.config.ask).toMatchObject({ model: 'from-option', temperature: 0.5 });
  expect(loaded.config.speak.voice).toBe('adam');
  expect(loaded.config.offline).toBe(true);
  expect(Object.fromEntries(loaded.origins)).toEqual({
    'ask.model': 'option',
    'ask.temperature': 'config.json',
    'speak.voice': 'SENSORIUM_VOICE',
    offline: 'SENSORIUM_OFFLINE',
  });
});

it('reads 0 and false as no', () => {
  expect(loadConfig({}, { SENSORIUM_HOME: homeWith(), SENSORIUM_OFFLINE: '0' }).config.offline).toBe(false);
});

it.each([
  ['{"ask":{"modle":"x"}}', 'ask.modle'],
  ['{"ask":{"temperature":9}}', 'ask.temperature'],
  ['{"models":{"sources":["nowhere"]}}', 'models.sources.0'],
])('names the setting that is wrong in %s', (text, setting) => {
  expect(() => loadConfig({}, { SENSORIUM_HOME: homeWith(text) })).toThrowError(
    expect.objectContaining({ code: 'config.invalid', message: expect.stringContaining(setting) }),
  );
});

it('says when the file is not JSON', () => {
  expect(() => loadConfig({}, { SENSORIUM_HOME: homeWith('{') })).toThrowError(/not valid JSON/);
});

it('never shows a secret whole', () => {
  const secret = 'sk-not-a-real-key-0123456789';
  const shown = listSettings(loadConfig({}, { SENSORIUM_HOME: homeWith(), OPENAI_API_KEY: secret }));
  expect(JSON.stringify(shown)).not.toContain(secret);
  expect(shown.find(({ name }) => name === 'providers.openai.apiKey')).toMatchObject({
    value: 'sk-…89',
    origin: 'OPENAI_API_KEY',
  });
});

it('closes only the hub when the hub is to be left alone', () => {
  const { config, origins } = loadConfig({}, { SENSORIUM_HOME: homeWith(), HF_HUB_OFFLINE: '1' });
  expect(config.offline).toBe(false);
  expect(config.models.sources).not.toContain('huggingface');
  expect(config.models.sources).toContain('pip');
  expect(origins.get('models.sources')).toBe('HF_HUB_OFFLINE');
});
