import type { Ctranslate2Model } from './ctranslate2.ts';
import { type GraphWriter, MICROSOFT } from './graph-writer.ts';
import { linear, projectionOf } from './linear.ts';
import type { WhisperShape } from './shape.ts';

/** PyTorch's, which Whisper was trained with. */
const EPSILON = 1e-5;

/** What the parts of both halves of the network are written with. */
export interface Writing {
  readonly graph: GraphWriter;
  readonly model: Ctranslate2Model;
  readonly shape: WhisperShape;
}

/** The layer normalisation `name`, in float. */
export async function norm({ graph, model, shape }: Writing, input: string, name: string): Promise<string> {
  const { width } = shape;
  const gamma = graph.floats(`${name}/gamma`, [width], await model.floats(`${name}/gamma`, [width]));
  const beta = graph.floats(`${name}/beta`, [width], await model.floats(`${name}/beta`, [width]));
  const attributes = { axis: -1, epsilon: { float: EPSILON } };
  return graph.add('LayerNormalization', [input, gamma, beta], { attributes })[0];
}

/**
 * Self-attention of the layer `at`, with `state` added. With `past` it looks at what is there and at what was before, and
 * hands out both together under the names of `present`.
 */
export async function selfAttention(
  writing: Writing,
  state: string,
  at: string,
  memory?: { readonly past: readonly string[]; readonly present: readonly string[] },
): Promise<string> {
  const { graph, model, shape } = writing;
  const { width, heads } = shape;
  const normed = await norm(writing, state, `${at}/self_attention/layer_norm`);
  // Query, key and value are stacked in one matrix.
  const stacked = linear(graph, normed, await projectionOf(model, `${at}/self_attention/linear_0`, [3 * width, width]));
  const parts = graph.add('Split', [stacked], { outputs: 3, attributes: { axis: -1, num_outputs: 3 } });
  const [attended] = graph.add('MultiHeadAttention', memory ? [...parts, '', '', '', ...memory.past] : parts, {
    domain: MICROSOFT,
    ...(memory ? { names: [`${at}/self_attention`, ...memory.present] } : {}),
    attributes: { num_heads: heads, unidirectional: memory ? 1 : 0 },
  });
  const mixed = linear(graph, attended, await projectionOf(model, `${at}/self_attention/linear_1`, [width, width]));
  return graph.add('Add', [state, mixed])[0];
}

/** The feed-forward part of the layer `at`, with `state` added. */
export async function feedForward(writing: Writing, state: string, at: string): Promise<string> {
  const { graph, model, shape } = writing;
  const { width, inner } = shape;
  const normed = await norm(writing, state, `${at}/ffn/layer_norm`);
  const wide = linear(graph, normed, await projectionOf(model, `${at}/ffn/linear_0`, [inner, width]));
  const [bent] = graph.add('Gelu', [wide]);
  const narrow = linear(graph, bent, await projectionOf(model, `${at}/ffn/linear_1`, [width, inner]));
  return graph.add('Add', [state, narrow])[0];
}

/** A constant table of float rows, such as the position encodings. */
export async function table({ graph, model }: Writing, name: string, dims: readonly number[]): Promise<string> {
  return graph.floats(name, dims, await model.floats(name, dims));
}
