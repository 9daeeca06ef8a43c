import type { loadOnnx } from '#runtime/onnx.ts';
import type { WhisperFolder } from './folder.ts';

type Onnx = Awaited<ReturnType<typeof loadOnnx>>;
export type Session = Awaited<ReturnType<Onnx['InferenceSession']['create']>>;
export type Tensor = Awaited<ReturnType<Session['run']>>[string];
type Past = Readonly<Record<string, Tensor>>;

/** The loaded model. `follows` are the heads whose attention its decoder hands out; none when it hands out nothing. */
export interface Whisper {
  readonly folder: WhisperFolder;
  readonly encoder: Session;
  readonly decoder: Session;
  readonly follows: readonly (readonly [number, number])[];
  readonly Tensor: Onnx['Tensor'];
}

/**
 * The decoder after some tokens. A state is never changed, so that one beginning serves several attempts. `logits` has a row
 * for each token of the last step; `attention` the attention of its last token to each frame, summed over the heads that
 * follow the speaker.
 */
export interface State {
  readonly past: Past;
  readonly hidden: Tensor;
  readonly length: number;
  readonly logits: Tensor;
  readonly attention: Float32Array | null;
}

/** A copy of the logits after the last token read, or after the one so many before it. */
export function logitsOf({ logits: { data, dims } }: State, before = 0): Float32Array {
  const [, rows = 0, width = 0] = dims;
  return (data as Float32Array).slice((rows - before - 1) * width, (rows - before) * width);
}

/** Reads the first tokens, before which there is only the sound: `hidden` is [1, frames, width]. */
export function begin(model: Whisper, hidden: Tensor, ids: readonly number[]): Promise<State> {
  const { heads, headWidth } = model.folder;
  const empty = new model.Tensor('float32', new Float32Array(0), [1, heads, 0, headWidth]);
  const names = pastNames(model, ['decoder', 'encoder']);
  const past = Object.fromEntries(names.map((name) => [`past_key_values.${name}`, empty]));
  return step(model, { past, hidden, length: 0 }, ids);
}

/** Reads one more token. */
export function next(model: Whisper, state: State, id: number): Promise<State> {
  return step(model, state, [id]);
}

async function step(
  model: Whisper,
  { past, hidden, length }: Pick<State, 'past' | 'hidden' | 'length'>,
  ids: readonly number[],
): Promise<State> {
  const isFirst = length === 0;
  // What was computed from the sound comes with the first tokens and stays; what was computed from the text grows.
  const grown = pastNames(model, isFirst ? ['decoder', 'encoder'] : ['decoder']);
  const layers = [...new Set(model.follows.map(([layer]) => layer))];
  const output = await model.decoder.run(
    {
      input_ids: new model.Tensor('int64', BigInt64Array.from(ids, BigInt), [1, ids.length]),
      encoder_hidden_states: hidden,
      use_cache_branch: new model.Tensor('bool', [!isFirst], [1]),
      ...past,
    },
    ['logits', ...grown.map((name) => `present.${name}`), ...layers.map((layer) => `cross_attentions.${layer}`)],
  );
  const named = (name: string): Tensor => {
    const value = output[name];
    if (!value) throw new Error(`The model gave no ${name}.`);
    return value;
  };
  return {
    past: {
      ...past,
      ...Object.fromEntries(grown.map((name) => [`past_key_values.${name}`, named(`present.${name}`)])),
    },
    hidden,
    length: length + ids.length,
    logits: named('logits'),
    attention: model.follows.length > 0 ? followed(model, named, ids.length) : null,
  };
}

function pastNames({ folder }: Whisper, sides: readonly ('decoder' | 'encoder')[]): string[] {
  return Array.from({ length: folder.layers }, (_, layer) =>
    sides.flatMap((side) => [`${layer}.${side}.key`, `${layer}.${side}.value`]),
  ).flat();
}

// Attention is [1, heads, tokens, frames].
function followed({ follows }: Whisper, named: (name: string) => Tensor, tokens: number): Float32Array {
  let sum: Float32Array | undefined;
  for (const [layer, head] of follows) {
    const { data, dims } = named(`cross_attentions.${layer}`);
    const frames = dims[3] ?? 0;
    sum ??= new Float32Array(frames);
    const from = (head * tokens + tokens - 1) * frames;
    for (let frame = 0; frame < frames; frame += 1) {
      sum[frame] = (sum[frame] as number) + ((data as Float32Array)[from + frame] as number);
    }
  }
  return sum ?? new Float32Array(0);
}
