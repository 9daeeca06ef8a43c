import { setImmediate as nextTurn } from 'node:timers/promises';
import { throwIfCancelled } from '#kit/abort.ts';
import type { loadOnnx } from '#runtime/onnx.ts';
import { bestToken } from '../../logits.ts';

type Onnx = Awaited<ReturnType<typeof loadOnnx>>;
type Session = Awaited<ReturnType<Onnx['InferenceSession']['create']>>;
type Output = Awaited<ReturnType<Session['run']>>;
type Tensor = Output[string];

/** Facts of the model: 6 decoder layers of 8 heads of width 36, `<s>` opens and `</s>` ends a text. */
const LAYERS = 6;
const HEADS = 8;
const HEAD_WIDTH = 36;
const START = 1;
const END = 2;

/**
 * The cross-attention heads, as [layer, head], that follow the speaker: chosen by measurement
 * (docs/decisions/2026-11-23-hearing.md).
 */
const FOLLOWING_HEADS: readonly (readonly [number, number])[] = [
  [3, 5],
  [3, 6],
  [4, 4],
  [5, 2],
];
const FOLLOWING_LAYERS = [...new Set(FOLLOWING_HEADS.map(([layer]) => layer))];

/** The loaded model. `follows` says that the decoder hands out its attention (`cross_attention.<layer>`). */
export interface Moonshine {
  readonly encoder: Session;
  readonly decoder: Session;
  readonly follows: boolean;
  readonly Tensor: Onnx['Tensor'];
}

export interface Decoded {
  readonly tokens: readonly { readonly id: number; readonly logprob: number }[];
  /** Whether the model ended the text by itself; otherwise it ran into `maxTokens`. */
  readonly ended: boolean;
  /** How many frames the encoder made of the sound. */
  readonly frames: number;
  /** Attention of each token to each frame, row by row, summed over the heads that follow the speaker. */
  readonly attention: readonly Float32Array[] | null;
}

/** Encodes sound: mono float32 at 16 kHz. The result is [1, frames, 288], one frame for every 384 samples. */
export async function encode(model: Moonshine, samples: Float32Array): Promise<Tensor> {
  const output = await model.encoder.run({ input_values: new model.Tensor('float32', samples, [1, samples.length]) });
  return named(output, 'last_hidden_state');
}

/**
 * Writes down what was encoded, each time the most probable token. `mayEndAtOnce: false` forbids an empty text. Looks at
 * the signal between tokens.
 */
export async function decode(
  model: Moonshine,
  hidden: Tensor,
  options: { readonly maxTokens: number; readonly mayEndAtOnce: boolean },
  signal: AbortSignal,
): Promise<Decoded> {
  const frames = hidden.dims[1] ?? 0;
  const tokens: { id: number; logprob: number }[] = [];
  const attention: Float32Array[] = [];
  let past = emptyPast(model);
  let last = START;
  let ended = false;
  while (tokens.length < options.maxTokens) {
    // A turn of the event loop, so that a cancellation sent to this process is seen.
    await nextTurn();
    throwIfCancelled(signal);
    const isFirst = tokens.length === 0;
    const output = await model.decoder.run(
      {
        input_ids: new model.Tensor('int64', BigInt64Array.of(BigInt(last)), [1, 1]),
        encoder_hidden_states: hidden,
        use_cache_branch: new model.Tensor('bool', [!isFirst], [1]),
        ...past,
      },
      outputNames(isFirst, model.follows),
    );
    const logits = named(output, 'logits').data as Float32Array;
    const best = bestToken(logits, isFirst && !options.mayEndAtOnce ? END : undefined);
    if (best.id === END) {
      ended = true;
      break;
    }
    tokens.push(best);
    if (model.follows) attention.push(followed(output, frames));
    past = nextPast(past, output);
    last = best.id;
  }
  return { tokens, ended, frames, attention: model.follows ? attention : null };
}

type Past = Readonly<Record<string, Tensor>>;

function emptyPast({ Tensor: Made }: Moonshine): Past {
  const past: Record<string, Tensor> = {};
  for (const name of pastNames(['decoder', 'encoder'])) {
    past[`past_key_values.${name}`] = new Made('float32', new Float32Array(0), [1, HEADS, 0, HEAD_WIDTH]);
  }
  return past;
}

// What was computed from the sound comes with the first token and stays; what was computed from the text grows.
function nextPast(past: Past, output: Output): Past {
  const next: Record<string, Tensor> = { ...past };
  for (const name of pastNames(['decoder', 'encoder'])) {
    const present = output[`present.${name}`];
    if (present) next[`past_key_values.${name}`] = present;
  }
  return next;
}

function outputNames(isFirst: boolean, follows: boolean): string[] {
  return [
    'logits',
    ...pastNames(isFirst ? ['decoder', 'encoder'] : ['decoder']).map((name) => `present.${name}`),
    ...(follows ? FOLLOWING_LAYERS.map((layer) => `cross_attention.${layer}`) : []),
  ];
}

function pastNames(sides: readonly ('decoder' | 'encoder')[]): string[] {
  return Array.from({ length: LAYERS }, (_, layer) =>
    sides.flatMap((side) => [`${layer}.${side}.key`, `${layer}.${side}.value`]),
  ).flat();
}

// Attention is [1, heads, 1, frames].
function followed(output: Output, frames: number): Float32Array {
  const sum = new Float32Array(frames);
  for (const [layer, head] of FOLLOWING_HEADS) {
    const data = named(output, `cross_attention.${layer}`).data as Float32Array;
    for (let frame = 0; frame < frames; frame += 1) {
      sum[frame] = (sum[frame] ?? 0) + (data[head * frames + frame] ?? 0);
    }
  }
  return sum;
}

function named(output: Output, name: string): Tensor {
  const value = output[name];
  if (!value) throw new Error(`The model gave no ${name}.`);
  return value;
}
