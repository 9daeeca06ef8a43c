import { loadOnnx } from '#runtime/onnx.ts';
import {
  DATA_TYPE,
  type OnnxAttribute,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
  writeModel,
} from '../../onnx/index.ts';

export const node = (opType: string, input: string[], output: string[], attribute: OnnxAttribute[] = []): OnnxNode => ({
  opType,
  name: output[0] ?? opType,
  input,
  output,
  attribute,
});

export const ints = (name: string, values: number[]): OnnxAttribute => ({ name, type: 7, ints: values });
export const int = (name: string, value: number): OnnxAttribute => ({ name, type: 2, i: value });

export const int64 = (name: string, dims: number[], values: number[]): OnnxTensor => ({
  name,
  dims,
  dataType: DATA_TYPE.int64,
  int64Data: values,
});

/** A float value of a graph; a dimension given by name may have any size. */
export const value = (name: string, dims: (number | string)[]) => ({
  name,
  type: {
    tensorType: {
      elemType: DATA_TYPE.float32,
      shape: { dim: dims.map((dim) => (typeof dim === 'number' ? { dimValue: dim } : { dimParam: dim })) },
    },
  },
});

/** A model with input x and output y, both of shape [1, channels, n]. */
export function modelOf(
  channels: { x: number; y: number },
  node: readonly OnnxNode[],
  initializer: readonly OnnxTensor[],
): OnnxModel {
  const [input, output] = [[value('x', [1, channels.x, 'n'])], [value('y', [1, channels.y, 'n'])]];
  const graph = { name: 'g', valueInfo: [], input, output, initializer, node };
  return { irVersion: 8, opsetImport: [{ domain: '', version: 18 }], metadataProps: [], graph };
}

/** Runs a model in onnxruntime and gives its y. */
export async function run(model: OnnxModel, x: Float32Array, channels: number): Promise<Float32Array> {
  const { InferenceSession, Tensor } = await loadOnnx();
  const session = await InferenceSession.create(writeModel(model), { logSeverityLevel: 3 });
  const { y } = await session.run({ x: new Tensor('float32', x, [1, channels, x.length / channels]) });
  await session.release();
  return y?.data as Float32Array;
}

export const wave = (length: number) => Float32Array.from({ length }, (_, i) => Math.sin(i * 1.7) + 0.1 * Math.cos(i));

export function largestDifference(a: Float32Array, b: Float32Array): number {
  return a.reduce((most, at, i) => Math.max(most, Math.abs(at - (b[i] ?? Number.NaN))), 0);
}
