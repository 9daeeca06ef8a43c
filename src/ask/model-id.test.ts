import { expect, it } from 'vitest';
import { localModels } from './local-models.ts';
import { parseModelId } from './model-id.ts';

it.each(localModels().map((model) => model.id))('knows %s', (id) => {
  expect(parseModelId(id)).toMatchObject({ kind: 'local', model: { id } });
  expect(parseModelId(` ${id.toUpperCase()} `)).toMatchObject({ kind: 'local', model: { id } });
});

it.each(['./model.gguf', 'C:\\models\\My Model.GGUF'])('reads %s as a file', (path) => {
  expect(parseModelId(path)).toEqual({ kind: 'file', path });
});

it('reads a projector behind a plus', () => {
  const [path, mmproj] = ['./a+b/model.gguf', 'C:\\models\\mmproj F16.GGUF'];
  expect(parseModelId(`${path}+${mmproj}`)).toEqual({ kind: 'file', path, mmproj });
  expect(parseModelId('./a+b.gguf')).toEqual({ kind: 'file', path: './a+b.gguf' });
});

it('splits at the first colon, so that names may hold more', () => {
  expect(parseModelId('openai:llama3:8b')).toEqual({ kind: 'api', provider: 'openai', model: 'llama3:8b' });
  expect(parseModelId('openai:x.gguf')).toEqual({ kind: 'api', provider: 'openai', model: 'x.gguf' });
  expect(parseModelId('house:m', ['house'])).toEqual({ kind: 'api', provider: 'house', model: 'm' });
});

it.each([
  ['smollm2', 'smollm2-135m-instruct'],
  ['qwen2.5-coder-0.5-instruct', 'qwen2.5-coder-0.5b-instruct'],
  ['opnai:gpt-4o', 'openai:gpt-4o'],
  ['openai:', 'openai:MODEL'],
  ['house:m', null],
  ['', null],
])('refuses %j and suggests %j', (id, suggestion) => {
  let thrown: unknown;
  try {
    parseModelId(id);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toMatchObject({ code: 'ask.unknown-model', hint: expect.stringContaining('smollm2-135m-instruct') });
  const { hint } = thrown as { hint: string };
  if (suggestion === null) expect(hint).not.toContain('Did you mean');
  else expect(hint).toContain(`Did you mean ${suggestion}?`);
});
