import { DATA_TYPE, type OnnxModel } from '../../onnx/index.ts';
import type { Ctranslate2Model } from './ctranslate2.ts';
import { GraphWriter, valueInfo } from './graph-writer.ts';
import { feedForward, norm, selfAttention, table, type Writing } from './layer.ts';
import type { WhisperShape } from './shape.ts';

/**
 * Whisper's encoder: `input_features` [batch, mels, 2 × frames] → `last_hidden_state` [batch, frames, width].
 * Fewer frames than the 1500 of 30 s may be given for a shorter sound: the graph takes any even number of mel frames.
 */
export async function encoderOf(model: Ctranslate2Model, shape: WhisperShape): Promise<OnnxModel> {
  const { width, mels, frames, encoderLayers } = shape;
  const graph = new GraphWriter('encoder');
  const writing = { graph, model, shape };
  const [picture] = graph.add('Unsqueeze', ['input_features', graph.ints(2)]);
  const fine = await convolution(writing, picture, 'encoder/conv1', [width, mels], 1);
  const coarse = await convolution(writing, fine, 'encoder/conv2', [width, width], 2);
  const [flat] = graph.add('Squeeze', [coarse, graph.ints(2)]);
  const [sound] = graph.add('Transpose', [flat], { attributes: { perm: [0, 2, 1] } });
  const positions = await table(writing, 'encoder/position_encodings/encodings', [frames, width]);
  const [length] = graph.add('Shape', [sound], { attributes: { start: 1, end: 2 } });
  const [used] = graph.add('Slice', [positions, graph.ints(0), length, graph.ints(0)]);
  let [state] = graph.add('Add', [sound, used]);
  for (let layer = 0; layer < encoderLayers; layer += 1) {
    const at = `encoder/layer_${layer}`;
    state = await selfAttention(writing, state, at);
    state = await feedForward(writing, state, at);
  }
  const last = await norm(writing, state, 'encoder/layer_norm');
  graph.add('Identity', [last], { names: ['last_hidden_state'] });
  return graph.model(
    [valueInfo('input_features', ['batch', mels, 'mel_frames'], DATA_TYPE.float32)],
    [valueInfo('last_hidden_state', ['batch', 'frames', width], DATA_TYPE.float32)],
  );
}

// In float, and over pictures of height 1, for which onnxruntime has a faster way (../conv-2d.ts).
async function convolution(
  { graph, model }: Writing,
  input: string,
  name: string,
  [outputs, inputs]: readonly [number, number],
  stride: number,
): Promise<string> {
  const taps = await model.floats(`${name}/weight`, [outputs, inputs, 3]);
  const weight = graph.floats(`${name}/weight`, [outputs, inputs, 1, 3], taps);
  const bias = graph.floats(`${name}/bias`, [outputs], await model.floats(`${name}/bias`, [outputs]));
  const attributes = { kernel_shape: [1, 3], pads: [0, 1, 0, 1], strides: [1, stride] };
  return graph.add('Gelu', graph.add('Conv', [input, weight, bias], { attributes }))[0];
}
