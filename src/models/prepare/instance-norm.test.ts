import { expect, it } from 'vitest';
import { floatTensor, type OnnxModel, type OnnxNode, readModel, writeModel } from '../onnx/index.ts';
import { int, int64, largestDifference, modelOf, node, run, wave } from './__fixtures__/graphs.ts';
import { foldInstanceNorm } from './instance-norm.ts';

/** A normalisation over time in its single steps; gain and offset are made at run time, as a style does it. */
function spelledOut(square: OnnxNode, axis = 2, keepdims = 1): OnnxModel {
  return modelOf(
    { x: 3, y: 3 },
    [
      node('Mul', ['style', 'two'], ['gain']),
      node('Add', ['style', 'two'], ['offset']),
      node('ReduceMean', ['x', 'axis'], ['mean'], [int('keepdims', keepdims)]),
      node('Sub', ['x', 'mean'], ['centred']),
      square,
      node('ReduceMean', ['squared', 'axis'], ['variance'], [int('keepdims', keepdims)]),
      node('Add', ['variance', 'epsilon'], ['raised']),
      node('Sqrt', ['raised'], ['deviation']),
      node('Div', ['centred', 'deviation'], ['normal']),
      node('Mul', ['gain', 'normal'], ['scaled']),
      node('Add', ['scaled', 'offset'], ['y']),
    ],
    [
      floatTensor('style', [1, 3, 1], Float32Array.of(0.5, -1, 2)),
      floatTensor('two', [], Float32Array.of(2)),
      floatTensor('epsilon', [], Float32Array.of(0.01)),
      int64('axis', [1], [axis]),
    ],
  );
}

it.each([
  ['x · x', node('Mul', ['centred', 'centred'], ['squared'])],
  ['a power of 2', node('Pow', ['centred', 'two'], ['squared'])],
])('folds it with the square as %s, to the same numbers', async (_, square) => {
  const before = spelledOut(square);
  const model = readModel(writeModel(before));
  expect(foldInstanceNorm(model)).toBe(1);
  const left = model.graph.node.map(({ opType }) => opType);
  expect(left).toEqual(['Mul', 'Add', 'Reshape', 'Reshape', 'InstanceNormalization']);
  const x = wave(30);
  expect(largestDifference(await run(model, x, 3), await run(before, x, 3))).toBeLessThan(1e-5);
});

it('leaves other normalisations alone', () => {
  const square = node('Mul', ['centred', 'centred'], ['squared']);
  expect(foldInstanceNorm(spelledOut(square, 1))).toBe(0);
  expect(foldInstanceNorm(spelledOut(node('Mul', ['centred', 'x'], ['squared'])))).toBe(0);
  const fixedGain = spelledOut(square);
  fixedGain.graph.node = fixedGain.graph.node.map((one) =>
    one.output[0] === 'scaled' ? { ...one, input: ['two', 'normal'] } : one,
  );
  expect(foldInstanceNorm(fixedGain)).toBe(0);
  expect(fixedGain.graph.node).toHaveLength(11);
});
