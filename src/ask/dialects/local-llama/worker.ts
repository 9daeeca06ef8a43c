import { basename } from 'node:path';
import type { AskEvent, ChatMessage } from '#contract/chat.ts';
import { SensoriumError } from '#contract/error.ts';
import { channel } from '#kit/channel.ts';
import {
  type Llama,
  type LlamaChat,
  type LlamaContextSequence,
  type LlamaGrammar,
  type LlamaModel,
  loadLlama,
  startLlama,
} from '#runtime/llama.ts';
import { serve } from '#runtime/worker/serve.ts';
import { SYSTEM_PROMPTS } from '../../messages.ts';
import type { Writing } from './options.ts';
import { chatTemplate, historyOf } from './render.ts';

/** What to load. The context is the room for a conversation and its answer together, in tokens. */
export interface Weights {
  readonly model: string;
  readonly path: string;
  readonly contextTokens: number;
  readonly threads: number;
}

export interface Question {
  readonly messages: readonly ChatMessage[];
  readonly writing: Writing;
}

interface Loaded {
  readonly llama: Llama;
  readonly model: LlamaModel;
  readonly sequence: LlamaContextSequence;
  readonly chat: LlamaChat;
}

/**
 * Tokens read between two looks at the signal: about 150 ms of a 0.5B model's work on one core, so that a cancelled question
 * stops before its process is killed. Larger batches gain at most a tenth on a processor (see the decision record).
 */
const PREFILL_TOKENS = 16;

/** A question must leave at least this many tokens for its answer. */
const MIN_ANSWER_TOKENS = 64;

// The host starts one process per model, so there is only ever one to keep.
let loading: Promise<Loaded> | undefined;

function load(weights: Weights): Promise<Loaded> {
  loading ??= open(weights).catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function open({ model: name, path, contextTokens, threads }: Weights): Promise<Loaded> {
  const llama = await startLlama(threads);
  const { LlamaChat } = await loadLlama();
  try {
    const model = await llama.loadModel({ modelPath: path });
    const context = await model.createContext({
      contextSize: Math.min(contextTokens, model.trainContextSize),
      batchSize: PREFILL_TOKENS,
      threads,
    });
    const sequence = context.getSequence();
    const chatWrapper = await chatTemplate(model);
    return { llama, model, sequence, chat: new LlamaChat({ contextSequence: sequence, chatWrapper }) };
  } catch (error) {
    throw new SensoriumError('ask.model-unusable', `${name} cannot be loaded: ${firstLine(error)}`, {
      hint: `Is ${basename(path)} a whole GGUF language model, and is there memory for it? sensorium doctor tells.`,
      cause: error,
    });
  }
}

async function* ask({ weights, question }: { weights: Weights; question: Question }, signal: AbortSignal) {
  const { llama, model, sequence, chat } = await load(weights);
  const { writing } = question;
  const grammar = await grammarFor(llama, writing.grammar);
  const history = historyOf(question.messages);
  const tokens = chat.chatWrapper.generateContextState({ chatHistory: history }).contextText.tokenize(model.tokenizer);
  const room = sequence.contextSize - tokens.length;
  if (room < MIN_ANSWER_TOKENS) throw tooLong(weights.model, tokens.length, sequence.contextSize);

  // The library would evaluate the whole conversation before it looks at the signal.
  await sequence.adaptStateToTokens(tokens.slice(0, -1), false);
  for (let at = sequence.nextTokenIndex; at < tokens.length - 1 && !signal.aborted; at += PREFILL_TOKENS) {
    await sequence.evaluateWithoutGeneratingNewTokens(
      tokens.slice(at, Math.min(at + PREFILL_TOKENS, tokens.length - 1)),
    );
  }
  if (signal.aborted) return;

  const before = sequence.tokenMeter.getState();
  const events = channel<AskEvent>();
  let text = '';
  const say = (piece: string) => {
    if (piece !== '') events.push({ kind: 'text-delta', text: piece });
    text += piece;
  };
  const answering = chat.generateResponse(history, {
    temperature: writing.temperature,
    // One token of the room is the end-of-turn mark; without a limit the library would drop old messages to make room.
    maxTokens: Math.min(writing.maxTokens, room - 1),
    ...(writing.topP === undefined ? {} : { topP: writing.topP }),
    ...(writing.seed === undefined ? {} : { seed: writing.seed }),
    ...(writing.stop.length === 0 ? {} : { customStopTriggers: writing.stop }),
    ...(grammar === undefined ? {} : { grammar }),
    ...penaltiesOf(writing),
    signal,
    onTextChunk: say,
  });
  answering.then(
    ({ response, metadata }) => {
      // What might have become a text to stop at, and did not, comes only now.
      if (response.startsWith(text)) say(response.slice(text.length));
      events.push({
        kind: 'answer-end',
        answer: {
          text,
          model: weights.model,
          finishReason: metadata.stopReason === 'maxTokens' ? 'length' : 'stop',
          usage: { inputTokens: tokens.length, outputTokens: sequence.tokenMeter.diff(before).usedOutputTokens },
        },
      });
      events.end();
    },
    (error) => (signal.aborted ? events.end() : events.fail(error)),
  );
  yield* events;
}

/**
 * The library's own penalty keeps small models from repeating themselves; it stands back for the caller's, which count
 * every token of the answer as OpenAI's do, and for a grammar, whose marks must be repeated.
 */
function penaltiesOf({ frequencyPenalty, presencePenalty, maxTokens, grammar }: Writing): object {
  if (frequencyPenalty !== 0 || presencePenalty !== 0) {
    return {
      repeatPenalty: { penalty: 1, lastTokens: maxTokens, penalizeNewLine: true, frequencyPenalty, presencePenalty },
    };
  }
  return grammar === undefined ? {} : { repeatPenalty: false };
}

async function grammarFor(llama: Llama, grammar: Writing['grammar']): Promise<LlamaGrammar | undefined> {
  if (grammar === undefined) return undefined;
  try {
    return grammar === 'json'
      ? await llama.getGrammarFor('json')
      : await llama.createGrammarForJsonSchema(grammar as Parameters<Llama['createGrammarForJsonSchema']>[0]);
  } catch (error) {
    throw new SensoriumError('ask.refused', `No grammar can be made of this JSON Schema: ${firstLine(error)}`, {
      hint: 'Make the schema smaller, or ask for any JSON.',
      cause: error,
    });
  }
}

function tooLong(model: string, inputTokens: number, contextTokens: number): SensoriumError {
  return new SensoriumError(
    'ask.too-long',
    `The question with all that goes with it is ${inputTokens} tokens; ${model} takes ${contextTokens - MIN_ANSWER_TOKENS} here.`,
    {
      hint: 'Ask about a shorter recording or text, or use a model with a longer context.',
      details: { inputTokens, contextTokens, keptForAnswerTokens: MIN_ANSWER_TOKENS },
    },
  );
}

/**
 * Loads and runs the model once over the beginning every built-in conversation shares, so that its pages are in memory and
 * the first question finds that beginning already read.
 */
async function warm(weights: Weights): Promise<void> {
  const { model, sequence, chat } = await load(weights);
  const chatHistory = historyOf([{ role: 'system', content: SYSTEM_PROMPTS.en }]);
  const tokens = chat.chatWrapper.generateContextState({ chatHistory }).contextText.tokenize(model.tokenizer);
  if (sequence.nextTokenIndex > 0 || tokens.length >= sequence.contextSize) return;
  await sequence.evaluateWithoutGeneratingNewTokens(tokens);
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? '';
}

serve({ warm, ask });
