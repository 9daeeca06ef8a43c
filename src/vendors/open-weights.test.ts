import { expect, it } from 'vitest';
import { openWeights } from './open-weights.ts';

const ALL = openWeights(['text', 'image', 'audio', 'video'], { speaks: true });
const factsOf = (name: string, rows = ALL) => rows.find(({ names }) => names.test(name))?.facts;

it.each([
  ['meta-llama/Llama-3.2-11B-Vision-Instruct', ['text', 'image']],
  ['llama3.2-vision:11b', ['text', 'image']],
  ['meta-llama/Llama-4-Scout-17B-16E-Instruct', ['text', 'image']],
  ['llama4:scout', ['text', 'image']],
  ['nvidia/Llama-3.1-Nemotron-Nano-VL-8B-V1', ['text', 'image']],
  ['fixie-ai/ultravox-v0_5-llama-3_2-1b', ['text', 'audio']],
  ['Qwen/Qwen2.5-Omni-7B', ['text', 'audio', 'image', 'video']],
  ['Qwen/Qwen3-Omni-30B-A3B-Instruct', ['text', 'audio', 'image', 'video']],
  ['Qwen/Qwen2.5-VL-7B-Instruct', ['text', 'image', 'video']],
  ['Qwen/Qwen3-VL-8B-Instruct', ['text', 'image', 'video']],
  ['qwen2.5vl:7b', ['text', 'image', 'video']],
  ['Qwen/Qwen2-Audio-7B-Instruct', ['text', 'audio']],
  ['zai-org/GLM-4.5V', ['text', 'image', 'video']],
])('knows what %s takes', (name, input) => {
  expect(factsOf(name)?.input).toEqual(input);
});

it.each(['meta-llama/Llama-3.2-3B-Instruct', 'Qwen/Qwen3-8B', 'gemma3:4b', 'llama-40b'])(
  'knows nothing of %s',
  (name) => {
    expect(factsOf(name)).toBeUndefined();
  },
);

it('gives a model no more than its server takes', () => {
  const pictures = openWeights(['text', 'image']);
  expect(factsOf('qwen2.5vl:7b', pictures)).toMatchObject({ input: ['text', 'image'] });
  expect(factsOf('qwen2.5vl:7b', pictures)?.rules).toBeUndefined();
  expect(factsOf('Qwen/Qwen3-Omni-30B', pictures)?.output).toEqual(['text']);
  expect(factsOf('Qwen/Qwen3-Omni-30B')?.output).toEqual(['text', 'audio']);
});

it('allows one picture in a prompt where only that is tested', () => {
  expect(factsOf('llama3.2-vision')?.limits).toEqual({ image: { maxCount: 1 } });
});
