import {
  attributeOf,
  DATA_TYPE,
  type GraphIndex,
  indexGraph,
  type OnnxAttribute,
  type OnnxModel,
  type OnnxNode,
  shapeOf,
  toNumber,
} from '../onnx/index.ts';

const HEIGHT_AXIS = 'conv_2d_height_axis';
/** onnxruntime's blocked layout takes convolutions whose channel counts are a multiple of its widest block. */
const BLOCK = 16;

/**
 * Writes convolutions over time as convolutions over pictures of height 1, in place, and says how many. onnxruntime has
 * a fast blocked layout for the latter only. Channel counts that do not fill its blocks are left alone.
 */
export function conv1dTo2d(model: OnnxModel): number {
  const { graph } = model;
  const index = indexGraph(graph);
  const fits = new Set(graph.node.filter((node) => fitsBlocks(index, node)));
  // A weight is given its new shape once, so all that use it must take it.
  const isTaken = (node: OnnxNode) =>
    fits.has(node) && (index.consumers.get(node.input[1] ?? '') ?? []).every((user) => fits.has(user));
  const widened = new Set<string>();
  let count = 0;
  graph.node = graph.node.flatMap((node) => {
    if (!isTaken(node)) return [node];
    const [input = '', weightName = '', bias] = node.input;
    const weight = index.initializer.get(weightName);
    const [, , width = 0] = weight ? shapeOf(weight) : [];
    widened.add(weightName);
    count += 1;
    const output = node.output[0] ?? '';
    const flat = `${output}_1d_input`;
    const tall = `${output}_2d`;
    return [
      { name: flat, opType: 'Unsqueeze', input: [input, HEIGHT_AXIS], output: [flat], attribute: [] },
      {
        name: node.name ?? tall,
        opType: 'Conv',
        input: [flat, weightName, ...(bias ? [bias] : [])],
        output: [tall],
        attribute: attributes2d(node, width),
      },
      { name: `${tall}_squeezed`, opType: 'Squeeze', input: [tall, HEIGHT_AXIS], output: [output], attribute: [] },
    ];
  });
  if (count === 0) return 0;
  graph.initializer = [
    ...graph.initializer.map((tensor) => {
      const [outputs = 0, inputs = 0, width = 0] = shapeOf(tensor);
      return widened.has(tensor.name ?? '') ? { ...tensor, dims: [outputs, inputs, 1, width] } : tensor;
    }),
    { name: HEIGHT_AXIS, dims: [1], dataType: DATA_TYPE.int64, int64Data: [2] },
  ];
  return count;
}

function fitsBlocks(index: GraphIndex, node: OnnxNode): boolean {
  const weight = node.opType === 'Conv' ? index.initializer.get(node.input[1] ?? '') : undefined;
  const shape = weight ? shapeOf(weight) : [];
  const [outputs = 0, inputs = 0] = shape;
  const group = attributeOf(node, 'group')?.i ?? 1;
  const padding = attributeOf(node, 'auto_pad')?.s;
  return (
    shape.length === 3 &&
    outputs % BLOCK === 0 &&
    inputs % BLOCK === 0 &&
    toNumber(group) === 1 &&
    (padding === undefined || new TextDecoder().decode(padding) === 'NOTSET')
  );
}

function attributes2d(node: OnnxNode, width: number): OnnxAttribute[] {
  const list = (name: string, otherwise: readonly number[]) => {
    const ints = attributeOf(node, name)?.ints ?? [];
    return ints.length > 0 ? ints.map(toNumber) : otherwise;
  };
  const [before = 0, after = 0] = list('pads', [0, 0]);
  const ints = (name: string, values: readonly number[]): OnnxAttribute => ({ name, type: 7, ints: values });
  return [
    ints('kernel_shape', [1, width]),
    ints('pads', [0, before, 0, after]),
    ints('strides', [1, ...list('strides', [1])]),
    ints('dilations', [1, ...list('dilations', [1])]),
  ];
}
