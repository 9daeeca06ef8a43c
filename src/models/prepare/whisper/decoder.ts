import { DATA_TYPE, type OnnxModel, type OnnxTensor } from '../../onnx/index.ts';
import { crossAttention } from './cross-attention.ts';
import type { Ctranslate2Model } from './ctranslate2.ts';
import { GraphWriter, valueInfo } from './graph-writer.ts';
import { feedForward, norm, selfAttention, table, type Writing } from './layer.ts';
import { BLOCK, eightBit, linear, type Projection } from './linear.ts';
import { ZERO } from './quantise.ts';
import type { WhisperShape } from './shape.ts';

const { float32, int64, bool, uint8 } = DATA_TYPE;

/**
 * Whisper's decoder with the inputs and outputs of the hub's merged decoders, and `cross_attentions.<layer>`
 * [batch, heads, tokens, frames] as in their `_timestamped` ones. In the first run (`use_cache_branch` false) all
 * `past_key_values` must be empty, with length 0.
 */
export async function decoderOf(model: Ctranslate2Model, shape: WhisperShape): Promise<OnnxModel> {
  const { width, vocabulary, decoderLayers } = shape;
  const graph = new GraphWriter('decoder');
  const writing = { graph, model, shape };
  const name = 'decoder/embeddings';
  const weight = await model.floats(`${name}/weight`, [vocabulary, width]);
  // The same matrix turns tokens into numbers and numbers into tokens, so it is kept once.
  const words: Projection = { name, outputs: vocabulary, inputs: width, weight };
  const [starting] = graph.add('Add', [embedded(graph, words), await positionsOf(writing)]);
  let state = starting;
  for (let layer = 0; layer < decoderLayers; layer += 1) {
    const at = `decoder/layer_${layer}`;
    const names = (stem: string) => ['key', 'value'].map((part) => `${stem}.${layer}.decoder.${part}`);
    state = await selfAttention(writing, state, at, { past: names('past_key_values'), present: names('present') });
    state = await crossAttention(writing, state, layer);
    state = await feedForward(writing, state, at);
  }
  linear(graph, await norm(writing, state, 'decoder/layer_norm'), words, 'logits');
  return graph.model(...signatureOf(shape));
}

/** The rows of the 8-bit matrix for `input_ids`, as floats [batch, tokens, width]. */
function embedded(graph: GraphWriter, words: Projection): string {
  const [weight, scales] = eightBit(graph, words);
  const blocks = words.inputs / BLOCK;
  const zero: OnnxTensor = { name: 'zero', dims: [], dataType: uint8, rawData: Uint8Array.of(ZERO) };
  const toFloat = { attributes: { to: float32 } };
  const [steps] = graph.add('Cast', [graph.add('Gather', [weight, 'input_ids'])[0]], toFloat);
  const [middle] = graph.add('Cast', [graph.weight(zero)], toFloat);
  const [rows] = graph.add('Reshape', [scales, graph.ints(words.outputs, blocks, 1)]);
  const [sizes] = graph.add('Gather', [rows, 'input_ids']);
  const [around] = graph.add('Sub', [steps, middle]);
  const [values] = graph.add('Mul', [around, sizes]);
  return graph.add('Reshape', [values, graph.ints(0, 0, words.inputs)])[0];
}

/** Position encodings of the tokens that come now, after those that were before. */
async function positionsOf(writing: Writing): Promise<string> {
  const { graph, shape } = writing;
  const places = await table(writing, 'decoder/position_encodings/encodings', [shape.tokens, shape.width]);
  const [before] = graph.add('Shape', ['past_key_values.0.decoder.key'], { attributes: { start: 2, end: 3 } });
  const [count] = graph.add('Shape', ['input_ids'], { attributes: { start: 1, end: 2 } });
  const [after] = graph.add('Add', [before, count]);
  return graph.add('Slice', [places, before, after, graph.ints(0)])[0];
}

function signatureOf({ width, heads, vocabulary, decoderLayers }: WhisperShape): Parameters<GraphWriter['model']> {
  const layers = Array.from({ length: decoderLayers }, (_, layer) => layer);
  const memory = (stem: string, lengths: { readonly decoder: string; readonly encoder: string }) =>
    layers.flatMap((layer) =>
      (['decoder', 'encoder'] as const).flatMap((side) =>
        ['key', 'value'].map((part) => {
          const dims = [`${stem}_${side}_batch`, heads, lengths[side], width / heads];
          return valueInfo(`${stem}.${layer}.${side}.${part}`, dims, float32);
        }),
      ),
    );
  return [
    [
      valueInfo('input_ids', ['batch', 'tokens'], int64),
      valueInfo('encoder_hidden_states', ['sounds', 'frames', width], float32),
      ...memory('past_key_values', { decoder: 'past_tokens', encoder: 'past_frames' }),
      valueInfo('use_cache_branch', [1], bool),
    ],
    [
      valueInfo('logits', ['batch', 'tokens', vocabulary], float32),
      ...memory('present', { decoder: 'all_tokens', encoder: 'present_frames' }),
      ...layers.map((layer) => valueInfo(`cross_attentions.${layer}`, ['batch', heads, 'tokens', 'attended'], float32)),
    ],
  ];
}
