import { DATA_TYPE } from '../../onnx/index.ts';
import type { Ctranslate2Model } from './ctranslate2.ts';
import { type GraphWriter, MICROSOFT } from './graph-writer.ts';
import { quantise } from './quantise.ts';

/** Numbers that share one step. The widths of all Whispers are multiples of it. */
export const BLOCK = 64;
/** What onnxruntime multiplies in: 8-bit numbers, with the input rounded block by block as well. */
const IN_INT8 = 4;

/** The weights and bias of a projection, a row for each output. */
export interface Projection {
  readonly name: string;
  readonly outputs: number;
  readonly inputs: number;
  readonly weight: Float32Array;
  readonly bias?: Float32Array;
}

/** Reads the projection `name`, whose variables are called `<name>/weight` and `<name>/bias`. */
export async function projectionOf(
  model: Ctranslate2Model,
  name: string,
  [outputs, inputs]: readonly [number, number],
): Promise<Projection> {
  const weight = await model.floats(`${name}/weight`, [outputs, inputs]);
  const bias = await model.floats(`${name}/bias`, [outputs]);
  return { name, outputs, inputs, weight, bias };
}

/** Rows `from` to `to` of a projection, as one of its own: several are often kept stacked. */
export function rowsOf(all: Projection, name: string, from: number, to: number): Projection {
  const weight = all.weight.subarray(from * all.inputs, to * all.inputs);
  return {
    name,
    outputs: to - from,
    inputs: all.inputs,
    weight,
    ...(all.bias ? { bias: all.bias.subarray(from, to) } : {}),
  };
}

/** A projection whose result is `factor` times as large. */
export function scaled(projection: Projection, factor: number): Projection {
  const times = (list: Float32Array) => list.map((value) => value * factor);
  const { weight, bias } = projection;
  return { ...projection, weight: times(weight), ...(bias ? { bias: times(bias) } : {}) };
}

/** The 8-bit weights of a projection and the steps they are counted in, by name. */
export function eightBit(graph: GraphWriter, { name, outputs, inputs, weight }: Projection): [string, string] {
  if (inputs % BLOCK !== 0) throw new Error(`${name} has ${inputs} inputs, which is no multiple of ${BLOCK}.`);
  const names: [string, string] = [`${name}/weight`, `${name}/scales`];
  if (graph.has(names[0])) return names;
  const blocks = inputs / BLOCK;
  const { values, scales } = quantise(weight, BLOCK);
  const { uint8: dataType } = DATA_TYPE;
  graph.weight({ name: names[0], dims: [outputs, blocks, BLOCK], dataType, rawData: values });
  graph.floats(names[1], [outputs * blocks], scales);
  return names;
}

/** x·Wᵀ + b with 8-bit weights. */
export function linear(graph: GraphWriter, input: string, projection: Projection, output?: string): string {
  const { name, outputs, inputs, bias } = projection;
  const [weight, scales] = eightBit(graph, projection);
  const added = bias ? ['', '', graph.floats(`${name}/bias`, [outputs], bias)] : [];
  const [result] = graph.add('MatMulNBits', [input, weight, scales, ...added], {
    domain: MICROSOFT,
    ...(output ? { names: [output] } : {}),
    attributes: { K: inputs, N: outputs, bits: 8, block_size: BLOCK, accuracy_level: IN_INT8 },
  });
  return result;
}
