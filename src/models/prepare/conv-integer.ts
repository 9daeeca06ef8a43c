import {
  DATA_TYPE,
  floatTensor,
  type GraphIndex,
  indexGraph,
  numbersOf,
  type OnnxGraph,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
  onlyUserOf,
  pruneUnused,
  shapeOf,
} from '../onnx/index.ts';

/** Where one quantised convolution begins and ends, and what it multiplies and adds. */
interface QuantisedConv {
  readonly conv: OnnxNode;
  /** The float input, before it is quantised. */
  readonly input: string;
  readonly weight: Float32Array;
  readonly weightShape: readonly number[];
  /** Name of the float bias, one number per output channel. */
  readonly bias: string | undefined;
  /** The node whose output is the float result. */
  readonly last: OnnxNode;
}

/**
 * Rewrites quantised convolutions as float ones, in place, and says how many. onnxruntime runs ConvInteger several
 * times slower than Conv, which is most of the time Kokoro takes (docs/decisions/2026-11-23-kokoro-conv.md).
 *
 * The pattern is what onnxruntime's dynamic quantiser writes:
 * DynamicQuantizeLinear(x) → ConvInteger(w) → [Add of a bias quantised at run time] → Cast → Mul(x scale · w scale).
 * It becomes Conv(x, (w − zero point) · scale, float bias), whose output bears the name of the last Mul's.
 */
export function convIntegerToConv(model: OnnxModel): number {
  const { graph } = model;
  const index = indexGraph(graph);
  const found = new Map<OnnxNode, QuantisedConv>();
  for (const node of graph.node) {
    const match = node.opType === 'ConvInteger' ? matchConv(graph, index, node) : undefined;
    if (match) found.set(match.last, match);
  }
  const weights: OnnxTensor[] = [];
  graph.node = graph.node.map((node) => {
    const match = found.get(node);
    if (!match) return node;
    const name = `${match.conv.name ?? match.last.output[0]}_float`;
    weights.push(floatTensor(`${name}_weight`, match.weightShape, match.weight));
    return {
      name,
      opType: 'Conv',
      input: [match.input, `${name}_weight`, ...(match.bias ? [match.bias] : [])],
      output: node.output,
      attribute: match.conv.attribute,
    };
  });
  graph.initializer = [...graph.initializer, ...weights];
  pruneUnused(graph);
  return found.size;
}

function matchConv(graph: OnnxGraph, index: GraphIndex, conv: OnnxNode): QuantisedConv | undefined {
  const [quantised, weightName, , zeroName] = conv.input;
  const quantise = index.producer.get(quantised ?? '');
  const weight = index.initializer.get(weightName ?? '');
  if (quantise?.opType !== 'DynamicQuantizeLinear' || !weight) return undefined;

  let next = onlyUserOf(graph, index, conv);
  let bias: string | undefined;
  if (next?.opType === 'Add') {
    bias = floatBias(index, next.input.find((name) => name !== conv.output[0]) ?? '');
    if (!bias) return undefined;
    next = onlyUserOf(graph, index, next);
  }
  const last = next?.opType === 'Cast' ? onlyUserOf(graph, index, next) : undefined;
  if (last?.opType !== 'Mul') return undefined;

  const scale = weightScale(index, last.input.find((name) => name !== next?.output[0]) ?? '', quantise.output[1] ?? '');
  const zero = zeroName ? index.initializer.get(zeroName) : undefined;
  if (!scale || (zeroName && !zero)) return undefined;
  const floats = dequantised(weight, zero, scale);
  if (!floats) return undefined;
  return { conv, input: quantise.input[0] ?? '', weight: floats, weightShape: shapeOf(weight), bias, last };
}

// The bias is quantised at run time by Div(bias, scale) → Floor → Cast → Reshape; this walks back to the float one.
function floatBias(index: GraphIndex, name: string): string | undefined {
  let current = name;
  for (const step of ['Reshape', 'Cast', 'Floor', 'Div']) {
    const node = index.producer.get(current);
    if (node?.opType !== step) return undefined;
    current = node.input[0] ?? '';
  }
  const bias = index.initializer.get(current);
  return bias?.dataType === DATA_TYPE.float32 && bias.dims.length === 1 ? current : undefined;
}

// The last factor is Mul(x scale, w scale); this finds the part that belongs to the weights.
function weightScale(index: GraphIndex, name: string, inputScale: string): OnnxTensor | undefined {
  const product = index.producer.get(name);
  if (product?.opType !== 'Mul' || !product.input.includes(inputScale)) return undefined;
  return index.initializer.get(product.input.find((input) => input !== inputScale) ?? '');
}

/** (w − zero point) · scale, with one scale for all or one per output channel (the first dimension). */
function dequantised(weight: OnnxTensor, zero: OnnxTensor | undefined, scale: OnnxTensor): Float32Array | undefined {
  const values = numbersOf(weight);
  const channels = shapeOf(weight)[0] ?? 1;
  const scales = numbersOf(scale);
  const zeros = zero ? numbersOf(zero) : Float32Array.of(0);
  if (![1, channels].includes(scales.length) || ![1, channels].includes(zeros.length)) return undefined;
  const perChannel = values.length / channels;
  const floats = new Float32Array(values.length);
  for (let channel = 0; channel < channels; channel += 1) {
    const factor = scales[scales.length === 1 ? 0 : channel] ?? 0;
    const offset = zeros[zeros.length === 1 ? 0 : channel] ?? 0;
    const start = channel * perChannel;
    for (let at = start; at < start + perChannel; at += 1) floats[at] = ((values[at] ?? 0) - offset) * factor;
  }
  return floats;
}
