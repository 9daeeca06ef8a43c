import { expect, it } from 'vitest';
import { DEFAULTS } from '../config/schema.ts';
import { mayName } from './may-name.ts';

const config = (more: object) => ({ ...DEFAULTS, ...more });

it('lets a caller name what runs here, what needs a key, and what was set up', () => {
  const may = mayName(config({ providers: { house: { baseUrl: 'http://10.0.0.1/v1' }, ollama: {} } }));
  for (const id of ['smollm2-135m-instruct', 'qwen:qwen-plus', 'house:ours', 'ollama:llama3.2', 'heart']) {
    expect(() => may(id, 'ask.unknown-model')).not.toThrow();
  }
});

it('knocks at no port of this machine that nobody set up', () => {
  const may = mayName(config({}));
  for (const id of ['vllm:x', 'ollama:x', 'llama-server:x', 'video-llama:x', 'cosyvoice:x']) {
    expect(() => may(id, 'hear.unknown-engine')).toThrow(expect.objectContaining({ code: 'hear.unknown-engine' }));
  }
});

it('opens no folder that a caller names', () => {
  const may = mayName(config({ hear: { ...DEFAULTS.hear, model: 'whisper:/srv/whisper' } }));
  expect(() => may('whisper:/srv/whisper', 'hear.unknown-engine')).not.toThrow();
  for (const id of ['whisper:/etc', 'sensevoice:../..', 'florence-2:C:\\models']) {
    expect(() => may(id, 'hear.unknown-engine')).toThrow(/only be named in the configuration/);
  }
});

it('lets whoever wrote the configuration use it', () => {
  const ask = { ...DEFAULTS.ask, model: 'vllm:x', fallbacks: ['ollama:y'] };
  const may = mayName(
    config({ ask, hear: { ...DEFAULTS.hear, model: 'vllm:ears' }, speak: { ...DEFAULTS.speak, voice: 'cosyvoice:z' } }),
  );
  for (const id of ['vllm:x', 'ollama:y', 'vllm:ears', 'cosyvoice:z'])
    expect(() => may(id, 'ask.unknown-model')).not.toThrow();
  expect(() => may('vllm:other', 'ask.unknown-model')).toThrow(/not set up/);
});
