import { basename } from 'node:path';
import type { AskEvent } from '#contract/chat.ts';
import { SensoriumError } from '#contract/error.ts';
import type { MediaKind } from '#contract/media.ts';
import { channel } from '#kit/channel.ts';
import { loadMtmd, type MtmdCompletion, type MtmdContext, type MtmdResult } from '#runtime/mtmd.ts';
import { serve } from '#runtime/worker/serve.ts';
import { readGgufHeader } from '../../gguf-header.ts';
import type { Writing } from '../local-llama/options.ts';
import { responseFormat } from './format.ts';
import type { Turn } from './render.ts';

/** What to load. The context is the room for a conversation with its media and its answer together, in tokens. */
export interface Weights {
  readonly model: string;
  readonly path: string;
  readonly mmproj: string;
  readonly contextTokens: number;
  readonly threads: number;
}

export interface Question {
  readonly turns: readonly Turn[];
  /** In the order of their marks. */
  readonly media: readonly { readonly part: string; readonly kind: MediaKind; readonly path: string }[];
  readonly writing: Writing;
}

interface Loaded {
  readonly context: MtmdContext;
  readonly contextTokens: number;
}

/** A question must leave at least this many tokens for its answer. */
const MIN_ANSWER_TOKENS = 64;

/** Keeps small models from repeating themselves, as the engine for text does. */
const PENALTY = { penalty_repeat: 1.1, penalty_last_n: 64 } as const;

// The host starts one process per model, so there is only ever one to keep.
let loading: Promise<Loaded> | undefined;

function load(weights: Weights): Promise<Loaded> {
  loading ??= open(weights).catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function open({ model, path, mmproj, contextTokens, threads }: Weights): Promise<Loaded> {
  // The library ends the process over a file that is no model.
  const header = mustBeWhole(model, path);
  mustBeWhole(model, mmproj);
  const trained = header.get(`${header.get('general.architecture')}.context_length`);
  const tokens = Math.min(contextTokens, typeof trained === 'number' ? trained : contextTokens);
  const context = await loadMtmd({ model: path, n_ctx: tokens, n_threads: threads });
  try {
    context.initMultimodal({ path: mmproj, use_gpu: false });
  } catch (error) {
    await context.release();
    throw unusable(model, `${basename(mmproj)} is no projector for ${basename(path)}`, error);
  }
  return { context, contextTokens: tokens };
}

function mustBeWhole(model: string, path: string) {
  const header = readGgufHeader(path);
  if (header?.isWhole) return header.keys;
  throw unusable(model, `${basename(path)} is ${header ? 'cut short' : 'no GGUF file'}`, undefined);
}

async function* ask({ weights, question }: { weights: Weights; question: Question }, signal: AbortSignal) {
  let { context, contextTokens } = await load(weights);
  const { turns, media, writing } = question;
  mustTake(weights.model, context, media);
  const { prompt, additional_stops: ownStops = [] } = context.getFormattedChat(turns);
  const mediaPaths = media.map(({ path }) => path);
  const { tokens } = await context.tokenize(prompt, { media_paths: mediaPaths }).catch((error) => {
    throw unreadable(weights.model, media, error);
  });
  const room = contextTokens - tokens.length;
  if (room < MIN_ANSWER_TOKENS) throw tooLong(weights.model, tokens.length, contextTokens);
  if (signal.aborted) return;

  const events = channel<AskEvent>();
  let text = '';
  let pieces = 0;
  const say = (piece: string) => {
    if (piece !== '') events.push({ kind: 'text-delta', text: piece });
    text += piece;
  };
  const stop = () => context.stopCompletion();
  signal.addEventListener('abort', stop, { once: true });
  // One token of the room is the end-of-turn mark.
  const mostTokens = Math.min(writing.maxTokens, room - 1);
  const begin = () =>
    context.completion(
      {
        prompt,
        media_paths: mediaPaths,
        stop: [...writing.stop, ...ownStops],
        n_predict: mostTokens,
        ...samplingOf(writing),
      },
      ({ token }) => {
        pieces += 1;
        say(token);
      },
    );
  let answering: Promise<MtmdResult>;
  try {
    answering = begin();
  } catch {
    // It takes an answer that was very short for one that still runs (seen with 1.7.15), and that for good.
    forget(context);
    ({ context } = await load(weights));
    answering = begin();
  }
  answering.then(
    (result) => {
      if (result.context_full) forget(context);
      // What might have become a text to stop at, and did not, comes only now. The end may be half a character.
      const whole = result.text.replace(/\ufffd+$/, '');
      if (whole.startsWith(text)) say(whole.slice(text.length));
      const finishReason = result.stopped_eos || result.stopped_words ? 'stop' : 'length';
      // The library leaves out one token where it had to read the prompt first; where it stopped early nobody can tell.
      const outputTokens = finishReason === 'length' ? mostTokens : Math.max(pieces, result.tokens_predicted);
      events.push({
        kind: 'answer-end',
        answer: { text, model: weights.model, finishReason, usage: { inputTokens: tokens.length, outputTokens } },
      });
      events.end();
    },
    (error) => {
      forget(context);
      events.fail(unreadable(weights.model, media, error));
    },
  );
  try {
    yield* events;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function samplingOf(writing: Writing): Partial<MtmdCompletion> & { readonly temperature: number } {
  const { frequencyPenalty, presencePenalty, maxTokens, topP, seed, grammar } = writing;
  const format = responseFormat(grammar);
  const callers = { penalty_freq: frequencyPenalty, penalty_present: presencePenalty, penalty_last_n: maxTokens };
  return {
    temperature: writing.temperature,
    // At a temperature of 0 alone the library still draws (seen with 1.7.15).
    ...(writing.temperature === 0 ? { top_k: 1 } : {}),
    ...(topP === undefined ? {} : { top_p: topP }),
    ...(seed === undefined ? {} : { seed }),
    ...(format === undefined ? {} : { response_format: format }),
    // The caller's penalties stand before ours, and a grammar's marks must be repeated.
    ...(frequencyPenalty !== 0 || presencePenalty !== 0 ? callers : format === undefined ? PENALTY : {}),
  };
}

/** After a failure the library begins nothing more with what it has loaded. */
function forget(context: MtmdContext): void {
  loading = undefined;
  void context.release().catch(() => {});
}

function mustTake(model: string, context: MtmdContext, media: Question['media']): void {
  const { vision, audio } = context.getMultimodalSupport();
  const other = media.find(({ kind }) => !(kind === 'image' ? vision : audio));
  if (!other) return;
  throw new SensoriumError('ask.refused', `${model} takes no ${other.kind}, and ${other.part} is one.`, {
    hint: 'Leave the choice of its route to the plan, or use the projector that goes with it.',
    details: { part: other.part },
  });
}

function unreadable(model: string, media: Question['media'], error: unknown): SensoriumError {
  const parts = media.map(({ part }) => part).join(', ');
  return new SensoriumError('ask.refused', `${model} cannot take this: ${firstLine(error)}.`, {
    hint: parts === '' ? 'Ask again.' : `Is ${parts} whole? Leave the choice of its route to the plan.`,
    cause: error,
  });
}

function unusable(model: string, why: string, cause: unknown): SensoriumError {
  return new SensoriumError('ask.model-unusable', `${model} cannot be loaded: ${why}.`, {
    hint: 'Take the model and the projector (mmproj) from the same place, and check that both are whole.',
    cause,
  });
}

function tooLong(model: string, inputTokens: number, contextTokens: number): SensoriumError {
  return new SensoriumError(
    'ask.too-long',
    `The question with all that goes with it is ${inputTokens} tokens; ${model} takes ${contextTokens - MIN_ANSWER_TOKENS} here.`,
    {
      hint: 'Ask about a shorter recording, fewer pictures or less text, or use a model with a longer context.',
      details: { inputTokens, contextTokens, keptForAnswerTokens: MIN_ANSWER_TOKENS },
    },
  );
}

async function warm(weights: Weights): Promise<void> {
  await load(weights);
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? '';
}

serve({ warm, ask });
