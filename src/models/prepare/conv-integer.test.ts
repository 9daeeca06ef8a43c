import { expect, it } from 'vitest';
import { DATA_TYPE, floatTensor, type OnnxAttribute, type OnnxModel, readModel, writeModel } from '../onnx/index.ts';
import { int64, ints, largestDifference, modelOf, node, run, value, wave } from './__fixtures__/graphs.ts';
import { convIntegerToConv } from './conv-integer.ts';

const toInt32: OnnxAttribute = { name: 'to', type: 2, i: 6 };
const toFloat: OnnxAttribute = { name: 'to', type: 2, i: 1 };
const bytes = (name: string, dims: number[], values: number[]) => ({
  name,
  dims,
  dataType: DATA_TYPE.uint8,
  rawData: Uint8Array.from(values),
});

/** One quantised convolution of 2 channels to 2 over 3 samples, as onnxruntime's dynamic quantiser writes it. */
function quantised(scale: number[], withBias: boolean): OnnxModel {
  const sum = withBias ? 'biased' : 'whole';
  return modelOf(
    { x: 2, y: 2 },
    [
      node('DynamicQuantizeLinear', ['x'], ['xq', 'x_scale', 'x_zero']),
      node('Mul', ['x_scale', 'w_scale'], ['scale']),
      node('ConvInteger', ['xq', 'w', 'x_zero', 'w_zero'], ['whole'], [ints('pads', [1, 1])]),
      ...(withBias
        ? [
            node('Div', ['bias', 'scale'], ['b1']),
            node('Floor', ['b1'], ['b2']),
            node('Cast', ['b2'], ['b3'], [toInt32]),
            node('Reshape', ['b3', 'shape'], ['b4']),
            node('Add', ['whole', 'b4'], ['biased']),
          ]
        : []),
      node('Cast', [sum], ['float'], [toFloat]),
      node('Mul', ['float', 'scale'], ['y']),
    ],
    [
      bytes('w', [2, 2, 3], [10, 20, 30, 200, 210, 220, 128, 128, 128, 0, 255, 90]),
      bytes('w_zero', [], [128]),
      floatTensor('w_scale', scale.length > 1 ? [scale.length, 1] : [], Float32Array.from(scale)),
      floatTensor('bias', [2], Float32Array.of(0.5, -0.25)),
      int64('shape', [3], [1, -1, 1]),
    ],
  );
}

it.each([
  ['one scale, with bias', [0.01], true],
  ['one scale, no bias', [0.02], false],
])('says the same in float: %s', async (_, scale, withBias) => {
  const before = quantised(scale, withBias);
  const model = readModel(writeModel(before));
  expect(convIntegerToConv(model)).toBe(1);
  expect(model.graph.node.map((left) => left.opType)).toEqual(['Conv']);
  const x = wave(24);
  const [as, now] = [await run(before, x, 2), await run(model, x, 2)];
  expect(now.length).toBe(as.length);
  // The quantiser moves each of 6 inputs by up to half a step and the bias by up to one; no more may differ.
  const step = ((Math.max(...x) - Math.min(...x)) / 255) * (scale[0] ?? 0);
  const bound = 6 * 128 * (step / 2) + step;
  expect(largestDifference(now, as)).toBeLessThan(bound);
  expect(Math.max(...now.map(Math.abs))).toBeGreaterThan(10 * bound);
});

it('takes one scale per output channel', () => {
  const model = quantised([0.5, 2], true);
  expect(convIntegerToConv(model)).toBe(1);
  const weight = model.graph.initializer.find((tensor) => tensor.name?.endsWith('_weight'));
  const floats = new Float32Array(new Uint8Array(weight?.rawData ?? []).buffer);
  expect(floats[0]).toBe((10 - 128) * 0.5);
  expect(floats[11]).toBe((90 - 128) * 2);
});

it('leaves alone what it does not know', () => {
  const shared = quantised([0.01], true);
  shared.graph.output = [...shared.graph.output, value('whole', [1, 2, 'n'])];
  expect(convIntegerToConv(shared)).toBe(0);
  const foreign = quantised([0.01], true);
  foreign.graph.node = foreign.graph.node.map((one) => (one.opType === 'Floor' ? { ...one, opType: 'Ceil' } : one));
  expect(convIntegerToConv(foreign)).toBe(0);
  expect(foreign.graph.node.length).toBe(10);
});
