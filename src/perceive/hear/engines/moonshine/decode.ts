import { setImmediate as nextTurn } from 'node:timers/promises';
import { throwIfCancelled } from '#kit/abort.ts';
import type { loadOnnx } from '#runtime/onnx.ts';
import { bestToken, logprobOf } from '../../logits.ts';
import { BEGINNING, favoured, type Place, placeAfter, type Step } from './favour.ts';
import type { PromptWords } from './prompt.ts';
import type { Vocabulary } from './vocabulary.ts';

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
  readonly vocabulary: Vocabulary;
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

export interface DecodeOptions {
  readonly maxTokens: number;
  /** `false` forbids an empty text. */
  readonly mayEndAtOnce: boolean;
  /** Words that are likely to be said. */
  readonly words?: PromptWords | undefined;
}

/**
 * Writes down what was encoded, each time the most probable token. Words of the prompt have a bonus; where it changes the
 * model's choice and the word is then not completed, the text goes back to before it. The probabilities are the model's
 * own. Looks at the signal between tokens.
 */
export async function decode(
  model: Moonshine,
  hidden: Tensor,
  { maxTokens, mayEndAtOnce, words }: DecodeOptions,
  signal: AbortSignal,
): Promise<Decoded> {
  const frames = hidden.dims[1] ?? 0;
  const tokens: { id: number; logprob: number }[] = [];
  const attention: Float32Array[] = [];
  let state: State = { past: emptyPast(model), last: START, place: BEGINNING };
  let banned: ReadonlySet<number> = new Set();
  let guess: Guess | null = null;
  let ended = false;
  while (tokens.length < maxTokens) {
    // A turn of the event loop, so that a cancellation sent to this process is seen.
    await nextTurn();
    throwIfCancelled(signal);
    const isFirst = tokens.length === 0;
    const output = await model.decoder.run(
      {
        input_ids: new model.Tensor('int64', BigInt64Array.of(BigInt(state.last)), [1, 1]),
        encoder_hidden_states: hidden,
        use_cache_branch: new model.Tensor('bool', [!isFirst], [1]),
        ...state.past,
      },
      outputNames(isFirst, model.follows),
    );
    const logits = named(output, 'logits').data as Float32Array;
    const own = bestToken(logits, isFirst && !mayEndAtOnce ? END : undefined);
    const { id, logprob, place, step } = words ? choose(model, logits, own, state.place, words, banned) : free(own);
    if (step === 'breaks-off' && guess) {
      tokens.length = guess.length;
      attention.length = Math.min(attention.length, guess.length);
      ({ state, banned } = guess);
      guess = null;
      continue;
    }
    if (step !== 'goes-on') guess = null;
    if (id !== own.id) guess ??= { length: tokens.length, state, banned: new Set([...banned, id]) };
    if (id === END) {
      ended = true;
      break;
    }
    tokens.push({ id, logprob });
    if (model.follows) attention.push(followed(output, frames));
    state = { past: nextPast(state.past, output), last: id, place };
    banned = new Set();
  }
  return { tokens, ended, frames, attention: model.follows ? attention : null };
}

/** All that the next token depends on. */
interface State {
  readonly past: Past;
  readonly last: number;
  readonly place: Place;
}

/** Where a bonus changed the model's choice: how long the text was, and what must not be tried there again. */
interface Guess {
  readonly length: number;
  readonly state: State;
  readonly banned: ReadonlySet<number>;
}

interface Choice {
  readonly id: number;
  readonly logprob: number;
  readonly place: Place;
  readonly step: Step;
}

function choose(
  { vocabulary }: Moonshine,
  logits: Float32Array,
  own: { readonly id: number; readonly logprob: number },
  place: Place,
  words: PromptWords,
  banned: ReadonlySet<number>,
): Choice {
  const id = favoured(logits, own.id, place, words, banned);
  const logprob = id === own.id ? own.logprob : logprobOf(logits, id);
  const token = { id, text: new TextDecoder().decode(vocabulary[id]), behind: own.logprob - logprob };
  return { id, logprob, ...placeAfter(place, token, words) };
}

function free(own: { readonly id: number; readonly logprob: number }): Choice {
  return { ...own, place: BEGINNING, step: 'stands-free' };
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
