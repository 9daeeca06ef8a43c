import type { AnswerToken, Usage } from '#contract/answer.ts';
import { isObject, type Json, usageOf } from './usage.ts';

/** A piece of a call the model wants made; `null` for what this piece does not say. */
export interface ToolCallPiece {
  readonly index: number | null;
  readonly id: string | null;
  readonly name: string | null;
  readonly arguments: string;
}

/** What one message of a reply says; `null` or empty for what it does not say. */
export interface Chunk {
  readonly model: string | null;
  readonly text: string;
  readonly reasoning: string;
  readonly refusal: string;
  /** Sound in base64, cut anywhere. */
  readonly sound: string;
  readonly toolCalls: readonly ToolCallPiece[];
  readonly tokens: readonly AnswerToken[];
  readonly reason: string | null;
  readonly usage: Usage | null;
}

const NONE: readonly never[] = [];
/** OpenAI allows 128 functions in a request; a number far beyond is no place in a list. */
const MOST_CALLS = 1024;

/**
 * Reads a chat completion or a chunk of one, or gives `null` when it is neither. Forgiving on purpose: what is missing, null
 * or of another type counts as not said. Of several choices the first is read. A spoken answer's text is its transcript.
 */
export function readChunk(json: unknown): Chunk | null {
  if (!isObject(json)) return null;
  const choice = firstChoice(json.choices);
  const message = isObject(choice?.delta) ? choice.delta : isObject(choice?.message) ? choice.message : undefined;
  return {
    model: wordOf(json.model),
    text: textOf(message?.content) || (isObject(message?.audio) ? textOf(message.audio.transcript) : ''),
    reasoning: textOf(message?.reasoning_content) || textOf(message?.reasoning),
    refusal: textOf(message?.refusal),
    sound: isObject(message?.audio) ? textOf(message.audio.data) : '',
    toolCalls: callsOf(message),
    tokens: isObject(choice?.logprobs) ? tokensOf(choice.logprobs.content) : NONE,
    reason: wordOf(choice?.finish_reason),
    usage: usageOf(json.usage),
  };
}

function firstChoice(choices: unknown): Json | undefined {
  if (!Array.isArray(choices)) return undefined;
  return choices.find((one) => isObject(one) && (one.index === 0 || one.index === undefined || one.index === null));
}

function wordOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Content is a string, or a list of parts of which those with text count. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((part) => (isObject(part) && typeof part.text === 'string' ? part.text : '')).join('');
}

/** Calls of functions, also in the form with room for one that came before tools. */
function callsOf(message: Json | undefined): readonly ToolCallPiece[] {
  if (message === undefined) return NONE;
  if (Array.isArray(message.tool_calls)) {
    return message.tool_calls.filter(isObject).map((call) => callOf(call.index, call.id, call.function));
  }
  return isObject(message.function_call) ? [callOf(0, null, message.function_call)] : NONE;
}

function callOf(index: unknown, id: unknown, called: unknown): ToolCallPiece {
  const { name, arguments: given } = isObject(called) ? called : ({} as Json);
  return {
    index: Number.isInteger(index) && Number(index) >= 0 && Number(index) < MOST_CALLS ? Number(index) : null,
    id: wordOf(id),
    name: wordOf(name),
    arguments: isObject(given) ? JSON.stringify(given) : textOf(given),
  };
}

function tokensOf(content: unknown): readonly AnswerToken[] {
  if (!Array.isArray(content)) return NONE;
  return content.flatMap((one) => {
    const token = tokenOf(one);
    if (token === null) return [];
    const top = Array.isArray(one.top_logprobs) ? one.top_logprobs.map(tokenOf) : [];
    return [{ ...token, top: top.filter((other: unknown) => other !== null) }];
  });
}

function tokenOf(one: unknown): Omit<AnswerToken, 'top'> | null {
  if (!isObject(one) || typeof one.token !== 'string' || typeof one.logprob !== 'number') return null;
  const bytes = Array.isArray(one.bytes) && one.bytes.every(Number.isInteger) ? (one.bytes as number[]) : null;
  return { text: one.token, logprob: one.logprob, bytes };
}
