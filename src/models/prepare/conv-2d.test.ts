import { expect, it } from 'vitest';
import { floatTensor, type OnnxAttribute, type OnnxModel, readModel, writeModel } from '../onnx/index.ts';
import { int, ints, largestDifference, modelOf, node, run, wave } from './__fixtures__/graphs.ts';
import { conv1dTo2d } from './conv-2d.ts';

function convolution(channels: number, attributes: OnnxAttribute[]): OnnxModel {
  const weight = floatTensor('w', [channels, channels, 3], wave(channels * channels * 3));
  const bias = floatTensor('b', [channels], wave(channels));
  const steps = [
    node('Conv', ['x', 'w', 'b'], ['once'], attributes),
    node('Conv', ['once', 'w'], ['y'], [ints('pads', [1, 1])]),
  ];
  return modelOf({ x: channels, y: channels }, steps, [weight, bias]);
}

it.each([
  ['pads', [ints('pads', [1, 1])]],
  ['uneven pads and dilation', [ints('pads', [3, 1]), ints('dilations', [2])]],
  ['a stride', [ints('pads', [1, 1]), ints('strides', [2])]],
])('gives the same numbers with %s, also where two share a weight', async (_, attributes) => {
  const before = convolution(16, attributes);
  const model = readModel(writeModel(before));
  expect(conv1dTo2d(model)).toBe(2);
  const x = wave(16 * 20);
  const [as, now] = [await run(before, x, 16), await run(model, x, 16)];
  expect(now.length).toBe(as.length);
  expect(largestDifference(now, as)).toBeLessThan(1e-3);
});

it.each([
  ['whose channels do not fill a block', 6, []],
  ['that is grouped', 16, [int('group', 16)]],
  ['that pads by itself', 16, [{ name: 'auto_pad', type: 3, s: new TextEncoder().encode('SAME_UPPER') }]],
])('leaves a convolution alone %s, and one that shares its weight', (_, channels, attributes) => {
  const model = convolution(channels, attributes);
  expect(conv1dTo2d(model)).toBe(0);
  expect(model).toEqual(convolution(channels, attributes));
});
