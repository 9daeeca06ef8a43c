import { setImmediate as nextTurn } from 'node:timers/promises';
import { throwIfCancelled } from '#kit/abort.ts';
import { choose, randomOf } from './choose.ts';
import { logitsOf, next, type State, type Whisper } from './decoder.ts';
import { goesRound } from './loop.ts';
import type { Rules } from './rules.ts';

/** What the model wrote in one attempt. */
export interface Decoded {
  /** Text and times in order, each with its natural-log probability among what the rules allow. */
  readonly tokens: readonly { readonly id: number; readonly logprob: number }[];
  /** Whether the model ended the text by itself; else it ran into a limit or round in a loop. */
  readonly ended: boolean;
  readonly looped: boolean;
  /** Attention of each token to each frame; `null` when the model does not hand it out. */
  readonly attention: readonly Float32Array[] | null;
  /** Mean natural-log probability of all tokens, the end among them (as openai/whisper reckons it). */
  readonly meanLogprob: number;
}

export interface DecodeOptions {
  readonly maxTokens: number;
  readonly timestamps: boolean;
  /** 0 takes the most probable token each time; above, tokens are drawn. */
  readonly temperature: number;
}

/** Writes down what was encoded, from a state on that has read the prompt. Looks at the signal between tokens. */
export async function decode(
  model: Whisper,
  start: State,
  rules: Rules,
  { maxTokens, timestamps, temperature }: DecodeOptions,
  signal: AbortSignal,
): Promise<Decoded> {
  const random = randomOf(Math.round(temperature * 1_000));
  const { end } = model.folder.tokens;
  const tokens: { id: number; logprob: number }[] = [];
  const ids: number[] = [];
  const attention: Float32Array[] = [];
  let state = start;
  let sum = 0;
  let ended = false;
  let looped = false;
  for (;;) {
    // A turn of the event loop, so that a cancellation sent to this process is seen.
    await nextTurn();
    throwIfCancelled(signal);
    const logits = logitsOf(state);
    rules(logits, { ids, timestamps });
    const { id, logprob } = choose(logits, temperature, random);
    sum += logprob;
    if (id === end) {
      ended = true;
      break;
    }
    tokens.push({ id, logprob });
    ids.push(id);
    looped = goesRound(ids);
    if (looped || ids.length >= maxTokens) break;
    if (state.attention) attention.push(state.attention);
    state = await next(model, state, id);
  }
  if (attention.length < tokens.length && state.attention) attention.push(state.attention);
  const meanLogprob = sum / (tokens.length + Number(ended));
  return { tokens, ended, looped, attention: state.attention ? attention : null, meanLogprob };
}
