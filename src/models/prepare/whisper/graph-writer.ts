import {
  DATA_TYPE,
  floatTensor,
  type OnnxAttribute,
  type OnnxGraph,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValueInfo,
} from '../../onnx/index.ts';

/** The domain of onnxruntime's own operators (its docs/ContribOperators.md tells what each does). */
export const MICROSOFT = 'com.microsoft';

type AttributeValue = number | readonly number[] | OnnxGraph | OnnxTensor | { readonly float: number };

/** Writes a graph node by node. Names are given in order, so the same calls make the same bytes. */
export class GraphWriter {
  readonly nodes: OnnxNode[] = [];

  /** Weights; a branch shares those of the graph around it. */
  readonly weights: OnnxTensor[];
  private readonly scope: string;

  /** `scope` names the graph and goes before the names of its nodes. */
  constructor(scope: string, weights: OnnxTensor[] = []) {
    this.scope = scope;
    this.weights = weights;
  }

  /** Adds a node and gives the names of its outputs. An input that is left out is the empty string. */
  add(opType: string, input: readonly string[], more: NodeOptions = {}): [string, ...string[]] {
    const { domain, attributes = {} } = more;
    const stem = `${this.scope}${this.nodes.length}_${opType}`;
    const count = more.outputs ?? 1;
    const [first = stem, ...others] =
      more.names ?? Array.from({ length: count }, (_, at) => (at ? `${stem}_${at}` : stem));
    const output: [string, ...string[]] = [first, ...others];
    const attribute = Object.entries(attributes).map(([name, value]) => attributeOf(name, value));
    this.nodes.push({ name: stem, opType, input, output, attribute, ...(domain ? { domain } : {}) });
    return output;
  }

  /** Adds a weight once and gives its name. */
  weight(tensor: OnnxTensor): string {
    const name = tensor.name ?? '';
    if (!this.has(name)) this.weights.push(tensor);
    return name;
  }

  has(name: string): boolean {
    return this.weights.some((known) => known.name === name);
  }

  floats(name: string, dims: readonly number[], values: Float32Array): string {
    return this.weight(floatTensor(name, dims, values));
  }

  /** A small list of whole numbers, such as a shape. */
  ints(...values: number[]): string {
    const rawData = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    return this.weight({ name: `ints_${values.join('_')}`, dims: [values.length], dataType: DATA_TYPE.int64, rawData });
  }

  /** What was written, as a branch of an `If`: it reads the weights and values around it by name. */
  branch(output: readonly OnnxValueInfo[]): OnnxGraph {
    return { name: this.scope, node: this.nodes, initializer: [], input: [], output, valueInfo: [] };
  }

  model(input: readonly OnnxValueInfo[], output: readonly OnnxValueInfo[]): OnnxModel {
    return {
      irVersion: 9,
      producerName: 'sensorium',
      opsetImport: [
        { domain: '', version: 20 },
        { domain: MICROSOFT, version: 1 },
      ],
      metadataProps: [],
      graph: { name: this.scope, node: this.nodes, initializer: this.weights, input, output, valueInfo: [] },
    };
  }
}

interface NodeOptions {
  readonly outputs?: number;
  /** Names for the outputs, where they must have certain ones. */
  readonly names?: readonly string[];
  readonly domain?: string;
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
}

/** An input or output of a graph. A dimension given by name may have any size; without `dims` all is open. */
export function valueInfo(name: string, dims: readonly (number | string)[] | null, elemType: number): OnnxValueInfo {
  const dim = dims?.map((size) => (typeof size === 'number' ? { dimValue: size } : { dimParam: size }));
  return { name, type: { tensorType: { elemType, ...(dim ? { shape: { dim } } : {}) } } };
}

// Attribute types by their number in onnx.proto: FLOAT 1, INT 2, TENSOR 4, GRAPH 5, INTS 7.
function attributeOf(name: string, value: AttributeValue): OnnxAttribute {
  if (typeof value === 'number') return { name, type: 2, i: value };
  if ('float' in value) return { name, type: 1, f: value.float };
  if ('node' in value) return { name, type: 5, g: value };
  if ('dataType' in value) return { name, type: 4, t: value };
  return { name, type: 7, ints: value };
}
