import { expect, it } from 'vitest';
import type { Voice } from '#contract/ports.ts';
import { voiceFor } from './voices.ts';

const voice = (id: string, name: string): Voice => ({ id, name, language: 'en', gender: 'unknown', engine: 'x' });
const VOICES = [voice('af_alloy', 'alloy'), voice('af_heart', 'heart'), voice('openai:alloy', 'alloy')];

it('takes a short name for a voice of this machine, also where a vendor has one of that name', () => {
  expect(voiceFor('alloy', VOICES)).toEqual({ voice: 'af_alloy', loss: null });
});

it('passes on a vendor’s voice and the model’s own, whatever they are called', () => {
  for (const name of ['openai:alloy', 'qwen:someone-cloned', 'house:tts/1', 'model', 'model:Cherry']) {
    expect(voiceFor(name, VOICES)).toEqual({ voice: name, loss: null });
  }
});

it('says when another voice stands in', () => {
  expect(voiceFor('marin', VOICES)).toMatchObject({
    voice: 'af_heart',
    loss: { kind: 'option-ignored', text: 'voice' },
  });
  expect(() => voiceFor('nobody', VOICES)).toThrow(expect.objectContaining({ code: 'speak.unknown-voice' }));
});
