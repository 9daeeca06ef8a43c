import { DATA_TYPE, type OnnxModel } from '../../onnx/index.ts';
import { GraphWriter, MICROSOFT, valueInfo } from '../whisper/graph-writer.ts';
import { BLOCK, type E5Model, type FourBit } from './packed-model.ts';

/** Signed 4-bit numbers, two in a byte; known to the IR from version 10 on. */
const INT4 = 22;
/** Products in 8-bit whole numbers, activations rounded block by block, as the package's own engine does it. */
const ACCURACY = 4;
/** Below every score that can be, so that filling is not attended to. */
const NEVER = -1e9;

/**
 * The encoder as a graph with the inputs and outputs of the hub's ONNX releases (`input_ids` and `attention_mask` in,
 * `last_hidden_state` out), its weights as they are packed: BERT after Devlin et al. 2019, arXiv:1810.04805.
 */
export function graphOf(model: E5Model): OnnxModel {
  const { shape } = model;
  const { width, inner, layers, positions } = shape;
  const graph = new GraphWriter('e5');
  const norm = (input: string, name: string): string => {
    const scale = graph.floats(`${name}.w`, [width], model.floats(`${name}.w`, width));
    const shift = graph.floats(`${name}.b`, [width], model.floats(`${name}.b`, width));
    const [out] = graph.add('LayerNormalization', [input, scale, shift], {
      attributes: { axis: -1, epsilon: { float: shape.epsilon } },
    });
    return out;
  };
  const linear = (input: string, name: string, rows: number, columns: number): string => {
    const [product] = graph.add('MatMulNBits', [input, ...fourBitWeights(graph, model, name, rows, columns)], {
      domain: MICROSOFT,
      attributes: { K: columns, N: rows, bits: 4, block_size: BLOCK, accuracy_level: ACCURACY },
    });
    const bias = graph.floats(`${name}.b`, [rows], model.floats(`${name}.b`, rows));
    return graph.add('Add', [product, bias])[0];
  };

  let states = norm(embedded(graph, model, positions), 'emb.ln');
  const bias = attentionBias(graph);
  for (let layer = 0; layer < layers; layer++) {
    const of = (part: string) => `l${layer}.${part}`;
    const [attended] = graph.add(
      'MultiHeadAttention',
      [...['q', 'k', 'v'].map((part) => linear(states, of(part), width, width)), '', '', bias],
      { domain: MICROSOFT, attributes: { num_heads: shape.heads } },
    );
    const [seen] = graph.add('Add', [states, linear(attended, of('ao'), width, width)]);
    states = norm(seen, of('aln'));
    const [active] = graph.add('Gelu', [linear(states, of('fi'), inner, width)]);
    const [thought] = graph.add('Add', [states, linear(active, of('fo'), width, inner)]);
    states = norm(thought, of('oln'));
  }
  graph.add('Identity', [states], { names: ['last_hidden_state'] });
  const made = graph.model(
    ['input_ids', 'attention_mask'].map((name) => valueInfo(name, ['B', 'T'], DATA_TYPE.int64)),
    [valueInfo('last_hidden_state', ['B', 'T', width], DATA_TYPE.float32)],
  );
  return {
    ...made,
    irVersion: 10,
    opsetImport: [
      { domain: '', version: 21 },
      { domain: MICROSOFT, version: 1 },
    ],
  };
}

/** Word, place and kind of text, added up. */
function embedded(graph: GraphWriter, model: E5Model, positions: number): string {
  const { width, words } = model.shape;
  const { codes, scales } = model.fourBit('emb.word', words, width);
  // A code less 8 in two's complement is the code with its highest bit turned.
  const table = graph.weight({
    name: 'emb.word',
    dims: [words, width],
    dataType: INT4,
    rawData: pairs(codes.map((code) => code ^ 8)),
  });
  const blocks = graph.floats('emb.word.scales', [words, width / BLOCK], scales);
  const [word] = graph.add('GatherBlockQuantized', [table, 'input_ids', blocks], {
    domain: MICROSOFT,
    attributes: { gather_axis: 0, quantize_axis: 1, block_size: BLOCK },
  });
  const [shape] = graph.add('Shape', ['input_ids']);
  const [length] = graph.add('Slice', [shape, graph.ints(1), graph.ints(2)]);
  const places = graph.floats('emb.pos', [positions, width], model.floats('emb.pos', positions * width));
  const [place] = graph.add('Slice', [places, graph.ints(0), length, graph.ints(0)]);
  const kind = graph.floats('emb.type', [width], model.floats('emb.type', width));
  return graph.add('Add', [graph.add('Add', [word, place])[0], kind])[0];
}

/** Zero where a token is attended to and very low where there is only filling: batch × 1 × length × length. */
function attentionBias(graph: GraphWriter): string {
  const [mask] = graph.add('Cast', ['attention_mask'], { attributes: { to: DATA_TYPE.float32 } });
  const [filling] = graph.add('Sub', [graph.floats('one', [1], Float32Array.of(1)), mask]);
  const [low] = graph.add('Mul', [filling, graph.floats('never', [1], Float32Array.of(NEVER))]);
  const [row] = graph.add('Unsqueeze', [low, graph.ints(1, 2)]);
  const [shape] = graph.add('Shape', ['attention_mask']);
  const [batch] = graph.add('Slice', [shape, graph.ints(0), graph.ints(1)]);
  const [length] = graph.add('Slice', [shape, graph.ints(1), graph.ints(2)]);
  const [whole] = graph.add('Concat', [batch, graph.ints(1), length, length], { attributes: { axis: 0 } });
  return graph.add('Expand', [row, whole])[0];
}

function fourBitWeights(graph: GraphWriter, model: E5Model, name: string, rows: number, columns: number): string[] {
  const { codes, scales }: FourBit = model.fourBit(`${name}.w`, rows, columns);
  const blocks = columns / BLOCK;
  const rawData = pairs(codes);
  return [
    graph.weight({ name: `${name}.w`, dims: [rows, blocks, BLOCK / 2], dataType: DATA_TYPE.uint8, rawData }),
    graph.floats(`${name}.scales`, [rows, blocks], scales),
  ];
}

/** Neighbours together in a byte, the first in its low half. */
function pairs(codes: Uint8Array): Uint8Array {
  const packed = new Uint8Array(codes.length / 2);
  for (let at = 0; at < packed.length; at++) {
    packed[at] = (codes[at * 2] ?? 0) | ((codes[at * 2 + 1] ?? 0) << 4);
  }
  return packed;
}
