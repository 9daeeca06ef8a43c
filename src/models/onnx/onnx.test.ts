import { expect, it } from 'vitest';
import { attributeOf, indexGraph, pruneUnused, readModel, usedBy, writeModel } from './index.ts';
import { ModelProto, type OnnxGraph, type OnnxModel, type OnnxNode } from './schema.ts';
import { DATA_TYPE, floatTensor, numbersOf, shapeOf } from './tensor.ts';

const node = (opType: string, input: string[], output: string[], more: Partial<OnnxNode> = {}): OnnxNode => ({
  opType,
  input,
  output,
  attribute: [],
  ...more,
});

const graphOf = (more: Partial<OnnxGraph>): OnnxGraph => ({
  node: [],
  initializer: [],
  input: [],
  output: [],
  valueInfo: [],
  ...more,
});

// y = x + a, beside a dead branch, and an If whose branch reads the outer value b.
function example(): OnnxModel {
  const branch = graphOf({ node: [node('Neg', ['b'], ['negated'])], output: [{ name: 'negated' }] });
  return {
    irVersion: 9,
    producerName: 'test',
    opsetImport: [{ domain: '', version: 20 }],
    metadataProps: [],
    graph: graphOf({
      input: [{ name: 'x' }, { name: 'choice' }],
      output: [{ name: 'y' }, { name: 'chosen' }],
      initializer: [
        floatTensor('a', [2, 1], Float32Array.of(1.5, -2)),
        floatTensor('c', [1], Float32Array.of(3)),
        { name: 'b', dims: [1], dataType: DATA_TYPE.int64, int64Data: [7] },
      ],
      node: [
        node('Add', ['x', 'a'], ['y']),
        node('Mul', ['y', 'c'], ['dead']),
        node('If', ['choice'], ['chosen'], {
          attribute: [
            { name: 'then_branch', type: 5, g: branch },
            { name: 'else_branch', type: 5, g: branch },
          ],
        }),
      ],
    }),
  };
}

it('writes what it read, byte for byte', () => {
  const bytes = writeModel(example());
  expect(Buffer.from(writeModel(readModel(bytes))).equals(bytes)).toBe(true);
});

it('carries fields it does not know through, in the model and inside messages', () => {
  const field9000 = Uint8Array.of(0xc2, 0xb2, 0x04, 0x02, 0x68, 0x69);
  const graph = ModelProto.lookupType('GraphProto')
    .encode(example().graph as never)
    .finish();
  const graphWithMore = new Uint8Array([...graph, ...field9000]);
  const head = [0x08, 0x09];
  const length = graphWithMore.length;
  const bytes = new Uint8Array([...head, 0x3a, (length & 0x7f) | 0x80, length >> 7, ...graphWithMore, ...field9000]);
  const copy = writeModel(readModel(bytes));
  expect(Buffer.from(copy).equals(bytes)).toBe(true);
});

it('refuses bytes that hold no graph', () => {
  expect(() => readModel(Uint8Array.of(0x08, 0x09))).toThrow('no graph');
});

it('knows who makes and uses a value, also from inside a branch', () => {
  const { graph } = readModel(writeModel(example()));
  const { producer, consumers, initializer } = indexGraph(graph);
  expect(producer.get('y')?.opType).toBe('Add');
  expect(consumers.get('y')?.map((user) => user.opType)).toEqual(['Mul']);
  expect(consumers.get('b')?.map((user) => user.opType)).toEqual(['If']);
  expect(usedBy(graph.node[2] as OnnxNode)).toEqual(new Set(['choice', 'b']));
  expect(attributeOf(graph.node[2] as OnnxNode, 'else_branch')?.g?.output[0]?.name).toBe('negated');
  const b = initializer.get('b');
  expect(b && [...numbersOf(b)]).toEqual([7]);
});

it('prunes what no output needs and keeps what a branch reads', () => {
  const { graph } = readModel(writeModel(example()));
  expect(pruneUnused(graph)).toEqual({ nodes: 1, initializers: 1 });
  expect(graph.node.map((kept) => kept.opType)).toEqual(['Add', 'If']);
  expect(graph.initializer.map((kept) => kept.name)).toEqual(['a', 'b']);
  graph.output = graph.output.slice(0, 1);
  expect(pruneUnused(graph)).toEqual({ nodes: 1, initializers: 1 });
});

it('reads numbers wherever a tensor keeps them', () => {
  const misaligned = Buffer.of(0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff).subarray(1);
  expect([...numbersOf({ dims: [1], dataType: DATA_TYPE.int64, rawData: misaligned })]).toEqual([-1]);
  expect([...numbersOf({ dims: [2], dataType: DATA_TYPE.int8, int32Data: [-3, 4] })]).toEqual([-3, 4]);
  expect([...numbersOf({ dims: [1], dataType: DATA_TYPE.uint8, rawData: Uint8Array.of(200) })]).toEqual([200]);
  const tensor = floatTensor('t', [2, 1], Float32Array.of(0.5, -1));
  expect([...numbersOf(tensor)]).toEqual([0.5, -1]);
  expect(shapeOf(tensor)).toEqual([2, 1]);
  expect(() => numbersOf({ dims: [], dataType: DATA_TYPE.float16 })).toThrow('data type 10');
});
