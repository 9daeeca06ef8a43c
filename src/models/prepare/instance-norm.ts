import {
  attributeOf,
  DATA_TYPE,
  type GraphIndex,
  indexGraph,
  numbersOf,
  type OnnxGraph,
  type OnnxModel,
  type OnnxNode,
  onlyUserOf,
  pruneUnused,
  toNumber,
} from '../onnx/index.ts';

/** Where one normalisation begins and ends. */
interface Normalisation {
  readonly input: string;
  /** Names of the factor and the offset of each channel, made at run time. */
  readonly gain: string;
  readonly offset: string;
  readonly epsilon: number;
  /** The node whose output is the result. */
  readonly last: OnnxNode;
}

const FLAT = 'instance_norm_flat_shape';

/**
 * Writes a normalisation over time that is spelled out in seven passes over the sound as one InstanceNormalization, in
 * place, and says how many there were. For tensors of shape [1, channels, time]:
 * (x − mean) / sqrt(mean((x − mean)²) + ε) · gain + offset, with mean by ReduceMean over the last axis.
 */
export function foldInstanceNorm(model: OnnxModel): number {
  const { graph } = model;
  const index = indexGraph(graph);
  const found = new Map<OnnxNode, Normalisation>();
  for (const node of graph.node) {
    const match = node.opType === 'ReduceMean' ? matchNorm(graph, index, node) : undefined;
    if (match) found.set(match.last, match);
  }
  if (found.size === 0) return 0;
  graph.initializer = [...graph.initializer, { name: FLAT, dims: [1], dataType: DATA_TYPE.int64, int64Data: [-1] }];
  graph.node = graph.node.flatMap((node) => {
    const match = found.get(node);
    return match ? normNodes(match) : [node];
  });
  pruneUnused(graph);
  return found.size;
}

function normNodes({ input, gain, offset, epsilon, last }: Normalisation): OnnxNode[] {
  const output = last.output[0] ?? '';
  const flat = (name: string, what: string): OnnxNode => ({
    name: `${output}_${what}`,
    opType: 'Reshape',
    input: [name, FLAT],
    output: [`${output}_${what}`],
    attribute: [],
  });
  return [
    flat(gain, 'gain'),
    flat(offset, 'offset'),
    {
      name: `${output}_norm`,
      opType: 'InstanceNormalization',
      input: [input, `${output}_gain`, `${output}_offset`],
      output: [output],
      attribute: [{ name: 'epsilon', type: 1, f: epsilon }],
    },
  ];
}

function matchNorm(graph: OnnxGraph, index: GraphIndex, mean: OnnxNode): Normalisation | undefined {
  const input = mean.input[0] ?? '';
  const centred = onlyUserOf(graph, index, mean);
  if (!overTime(index, mean) || centred?.opType !== 'Sub' || centred.input[0] !== input) return undefined;
  const users = index.consumers.get(centred.output[0] ?? '') ?? [];
  const square = users.find((user) => isSquare(index, user));
  const divide = users.find((user) => user.opType === 'Div' && user.input[0] === centred.output[0]);
  if (users.length !== 2 || !square || !divide) return undefined;

  const variance = onlyUserOf(graph, index, square);
  if (variance?.opType !== 'ReduceMean' || !overTime(index, variance)) return undefined;
  const raised = onlyUserOf(graph, index, variance);
  const root = raised?.opType === 'Add' ? onlyUserOf(graph, index, raised) : undefined;
  if (!raised || root?.opType !== 'Sqrt' || divide.input[1] !== root.output[0]) return undefined;
  const epsilon = index.initializer.get(otherInput(raised, variance));
  if (epsilon?.dataType !== DATA_TYPE.float32) return undefined;

  const scaled = onlyUserOf(graph, index, divide);
  const last = scaled?.opType === 'Mul' ? onlyUserOf(graph, index, scaled) : undefined;
  if (!scaled || last?.opType !== 'Add') return undefined;
  const gain = otherInput(scaled, divide);
  const offset = otherInput(last, scaled);
  // Only where both are made at run time is it certain from the pattern that there is one of each per channel.
  if (index.initializer.has(gain) || index.initializer.has(offset)) return undefined;
  return { input, gain, offset, epsilon: numbersOf(epsilon)[0] ?? 0, last };
}

function otherInput(node: OnnxNode, not: OnnxNode): string {
  return node.input.find((name) => name !== not.output[0]) ?? '';
}

// x · x, or x to the power of a constant 2.
function isSquare(index: GraphIndex, node: OnnxNode): boolean {
  const [base, exponent = ''] = node.input;
  if (node.opType === 'Mul') return base === exponent;
  const constant = node.opType === 'Pow' ? index.initializer.get(exponent) : undefined;
  return constant !== undefined && numbersOf(constant).length === 1 && numbersOf(constant)[0] === 2;
}

// A mean over the last axis of three that keeps that axis.
function overTime(index: GraphIndex, mean: OnnxNode): boolean {
  const axes = index.initializer.get(mean.input[1] ?? '');
  const axis = axes && numbersOf(axes).length === 1 ? numbersOf(axes)[0] : undefined;
  const keep = attributeOf(mean, 'keepdims')?.i;
  return (axis === 2 || axis === -1) && (keep === undefined || toNumber(keep) === 1);
}
