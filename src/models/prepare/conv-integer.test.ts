import { expect, it } from 'vitest';
import { loadOnnx } from '#runtime/onnx.ts';
import {
  DATA_TYPE,
  floatTensor,
  type OnnxAttribute,
  type OnnxModel,
  type OnnxNode,
  readModel,
  writeModel,
} from '../onnx/index.ts';
import { convIntegerToConv } from './conv-integer.ts';

const node = (opType: string, input: string[], output: string[], attribute: OnnxAttribute[] = []): OnnxNode => ({
  opType,
  name: output[0] ?? opType,
  input,
  output,
  attribute,
});
const toInt32: OnnxAttribute = { name: 'to', type: 2, i: 6 };
const toFloat: OnnxAttribute = { name: 'to', type: 2, i: 1 };
const bytes = (name: string, dims: number[], values: number[]) => ({
  name,
  dims,
  dataType: DATA_TYPE.uint8,
  rawData: Uint8Array.from(values),
});
const values = (name: string, dims: (number | string)[]) => ({
  name,
  type: {
    tensorType: {
      elemType: DATA_TYPE.float32,
      shape: { dim: dims.map((dim) => (typeof dim === 'number' ? { dimValue: dim } : { dimParam: dim })) },
    },
  },
});

/** One quantised convolution of 2 channels to 2 over 3 samples, as onnxruntime's dynamic quantiser writes it. */
function quantised(scale: number[], withBias: boolean): OnnxModel {
  const sum = withBias ? 'biased' : 'whole';
  return {
    irVersion: 8,
    opsetImport: [{ domain: '', version: 17 }],
    metadataProps: [],
    graph: {
      name: 'g',
      valueInfo: [],
      input: [values('x', [1, 2, 'n'])],
      output: [values('y', [1, 2, 'n'])],
      initializer: [
        bytes('w', [2, 2, 3], [10, 20, 30, 200, 210, 220, 128, 128, 128, 0, 255, 90]),
        bytes('w_zero', [], [128]),
        floatTensor('w_scale', scale.length > 1 ? [scale.length, 1] : [], Float32Array.from(scale)),
        floatTensor('bias', [2], Float32Array.of(0.5, -0.25)),
        { name: 'shape', dims: [3], dataType: DATA_TYPE.int64, int64Data: [1, -1, 1] },
      ],
      node: [
        node('DynamicQuantizeLinear', ['x'], ['xq', 'x_scale', 'x_zero']),
        node('Mul', ['x_scale', 'w_scale'], ['scale']),
        node('ConvInteger', ['xq', 'w', 'x_zero', 'w_zero'], ['whole'], [{ name: 'pads', type: 7, ints: [1, 1] }]),
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
    },
  };
}

async function run(model: Uint8Array, x: Float32Array): Promise<Float32Array> {
  const { InferenceSession, Tensor } = await loadOnnx();
  const session = await InferenceSession.create(model, { logSeverityLevel: 3 });
  const { y } = await session.run({ x: new Tensor('float32', x, [1, 2, x.length / 2]) });
  await session.release();
  return y?.data as Float32Array;
}

it.each([
  ['one scale, with bias', [0.01], true],
  ['one scale, no bias', [0.02], false],
])('says the same in float: %s', async (_, scale, withBias) => {
  const x = Float32Array.from({ length: 24 }, (_unused, i) => Math.sin(i * 1.7));
  const before = writeModel(quantised(scale, withBias));
  const model = readModel(before);
  expect(convIntegerToConv(model)).toBe(1);
  expect(model.graph.node.map((left) => left.opType)).toEqual(['Conv']);
  const [as, now] = [await run(before, x), await run(writeModel(model), x)];
  expect(now.length).toBe(as.length);
  // The quantiser moves each of 6 inputs by up to half a step (of 2 / 255) and the bias by up to one; no more may differ.
  const step = (2 / 255) * (scale[0] ?? 0);
  const bound = 6 * 128 * (step / 2) + step;
  now.forEach((value, i) => {
    expect(Math.abs(value - (as[i] ?? 0))).toBeLessThan(bound);
  });
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
  shared.graph.output = [...shared.graph.output, values('whole', [1, 2, 'n'])];
  expect(convIntegerToConv(shared)).toBe(0);
  const foreign = quantised([0.01], true);
  foreign.graph.node = foreign.graph.node.map((one) => (one.opType === 'Floor' ? { ...one, opType: 'Ceil' } : one));
  expect(convIntegerToConv(foreign)).toBe(0);
  expect(foreign.graph.node.length).toBe(10);
});
