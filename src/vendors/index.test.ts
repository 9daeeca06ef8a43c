import { expect, it } from 'vitest';
import { isSelfHosted, VENDORS, vendorNamed } from './index.ts';

it('every vendor has a name of its own, an address without a closing slash, and rows with a source and a day', () => {
  expect(new Set(VENDORS.map(({ name }) => name)).size).toBe(VENDORS.length);
  for (const { name, baseUrl, regions = {}, models } of VENDORS) {
    expect(name).toMatch(/^[a-z][a-z0-9-]*$/);
    for (const address of [baseUrl, ...Object.values(regions)]) {
      expect(URL.canParse(address), `${name}: ${address}`).toBe(true);
      expect(address).not.toMatch(/\/$/);
    }
    for (const { source, date } of models) {
      expect(source).not.toBe('');
      expect(date).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    }
  }
});

it('no two vendors read the same key from the environment', () => {
  const keys = VENDORS.flatMap(({ variables }) => variables.apiKey ?? []);
  expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([]);
});

it('tells models of one name apart by what they are for', () => {
  const inputOf = (vendor: string, model: string) =>
    vendorNamed(vendor)?.models.find(({ names }) => names.test(model))?.facts.input;
  expect(inputOf('gemini', 'gemini-2.5-flash')).toEqual(['text', 'image', 'audio', 'video', 'document']);
  expect(inputOf('gemini', 'gemini-2.5-pro-preview-tts')).toEqual(['text']);
  for (const other of ['gemini-2.5-flash-image', 'gemini-live-2.5', 'gemini-embedding-001', 'gemma-3']) {
    expect(inputOf('gemini', other)).toBeUndefined();
  }
  expect(inputOf('anthropic', 'claude-sonnet-4-5')).toEqual(['text', 'image', 'document']);
});

it('knows which servers people run themselves', () => {
  expect(['vllm', 'ollama', 'openai', 'cosyvoice', 'nobody'].map(isSelfHosted)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});
