import { DATA_TYPE } from '../../onnx/index.ts';
import { GraphWriter, valueInfo } from './graph-writer.ts';
import { norm, type Writing } from './layer.ts';
import { linear, type Projection, projectionOf, rowsOf, scaled } from './linear.ts';

const HEADS_FIRST = { perm: [0, 2, 1, 3] };

/**
 * Attention of decoder layer `layer` to the sound, with `state` added. Keys and values of the sound are computed from
 * `encoder_hidden_states` in the first run and handed out as `present.<layer>.encoder.*`; afterwards they are read from
 * `past_key_values.<layer>.encoder.*`, and what is handed out under those names is empty, as in optimum's exports.
 */
export async function crossAttention(writing: Writing, state: string, layer: number): Promise<string> {
  const { graph, model, shape } = writing;
  const { width, heads } = shape;
  const headWidth = width / heads;
  const at = `decoder/layer_${layer}/attention`;
  const normed = await norm(writing, state, `${at}/layer_norm`);
  // Attention divides by the root of a head's width; dividing the query comes to the same.
  const asking = scaled(await projectionOf(model, `${at}/linear_0`, [width, width]), headWidth ** -0.5);
  const query = byHead(graph, linear(graph, normed, asking), heads, headWidth);
  const stacked = await projectionOf(model, `${at}/linear_1`, [2 * width, width]);

  const cached = new GraphWriter(`${at}/cached/`, graph.weights);
  const kept = ['key', 'value'].map((part) => `past_key_values.${layer}.encoder.${part}`);
  const again = attend(cached, query, kept);
  const nothing = graph.floats('nothing', [0, heads, 1, headWidth], new Float32Array());
  const empty = kept.map(() => cached.add('Identity', [nothing])[0]);

  const fresh = new GraphWriter(`${at}/fresh/`, graph.weights);
  const project = (rows: Projection) => byHead(fresh, linear(fresh, 'encoder_hidden_states', rows), heads, headWidth);
  const key = project(rowsOf(stacked, `${at}/key`, 0, width));
  const value = project(rowsOf(stacked, `${at}/value`, width, 2 * width));
  const first = attend(fresh, query, [key, value]);

  const floats = (names: readonly string[]) => names.map((name) => valueInfo(name, null, DATA_TYPE.float32));
  const present = ['key', 'value'].map((part) => `present.${layer}.encoder.${part}`);
  graph.add('If', ['use_cache_branch'], {
    names: [`cross_attentions.${layer}`, `${at}/heard`, ...present],
    attributes: {
      then_branch: cached.branch(floats([...again, ...empty])),
      else_branch: fresh.branch(floats([...first, key, value])),
    },
  });
  const [together] = graph.add('Transpose', [`${at}/heard`], { attributes: HEADS_FIRST });
  const [joined] = graph.add('Reshape', [together, graph.ints(0, 0, width)]);
  const mixed = linear(graph, joined, await projectionOf(model, `${at}/linear_2`, [width, width]));
  return graph.add('Add', [state, mixed])[0];
}

/** [batch, places, width] → [batch, heads, places, head's width]. */
function byHead(graph: GraphWriter, input: string, heads: number, headWidth: number): string {
  const [split] = graph.add('Reshape', [input, graph.ints(0, 0, heads, headWidth)]);
  return graph.add('Transpose', [split], { attributes: HEADS_FIRST })[0];
}

/** What is attended to, [batch, heads, tokens, frames], and what that gives, [batch, heads, tokens, head's width]. */
function attend(graph: GraphWriter, query: string, [key = '', value = '']: readonly string[]): [string, string] {
  const [turned] = graph.add('Transpose', [key], { attributes: { perm: [0, 1, 3, 2] } });
  const [scores] = graph.add('MatMul', [query, turned]);
  const [attention] = graph.add('Softmax', [scores], { attributes: { axis: -1 } });
  return [attention, graph.add('MatMul', [attention, value])[0]];
}
