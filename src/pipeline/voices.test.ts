import { expect, it } from 'vitest';
import { mustSpeak, speakerFor } from './voices.ts';

it('tells who speaks from the name of a voice', () => {
  expect(speakerFor('heart')).toEqual({ kind: 'engine', voice: 'af_heart' });
  expect(speakerFor('qwen:Cherry')).toEqual({ kind: 'engine', voice: 'qwen:Cherry' });
  expect(speakerFor('model')).toEqual({ kind: 'model', voice: null });
  expect(speakerFor('model:Cherry')).toEqual({ kind: 'model', voice: 'Cherry' });
  expect(() => speakerFor('nobody')).toThrow(expect.objectContaining({ code: 'speak.unknown-voice' }));
});

it('lets no model speak that is known not to', () => {
  expect(() => mustSpeak('m', false)).toThrow(/no voice of its own/);
  expect(() => mustSpeak('m', 'unknown')).not.toThrow();
});
