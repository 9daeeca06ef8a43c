import type { AskOptions, AskRequest } from '#contract/chat.ts';
import type { MediaSlots } from '#upstream/media-body.ts';
import type { RemoteOptions } from '../remote.ts';
import type { ChatShape } from './shape.ts';
import { wireMessages } from './wire-messages.ts';

type MaxTokensField = RemoteOptions['maxTokensField'];

/** What this server has been found to refuse, so that it is not sent again. */
export type Refused = Set<string>;

/** A request as it is sent, the fields of it that this server does not take, and the values that stand for others. */
export interface ChatBody {
  readonly body: Readonly<Record<string, unknown>>;
  readonly leftOut: readonly string[];
  readonly changed: Readonly<Record<string, string | number>>;
}

const OTHER_NAME: Readonly<Record<MaxTokensField, MaxTokensField>> = {
  max_tokens: 'max_completion_tokens',
  max_completion_tokens: 'max_tokens',
};

/** Without these a request is none. */
const NEVER_LEFT_OUT: ReadonlySet<string> = new Set(['model', 'messages', 'stream']);

/** Fields that mean nothing, or are refused, without another. */
const DEPENDENT: Readonly<Record<string, readonly string[]>> = {
  logprobs: ['top_logprobs'],
  tools: ['tool_choice', 'parallel_tool_calls'],
};

/**
 * A chat completion request as `shape` has it, without what the server refuses. Media are put into `slots`, to be filled in
 * while the request is sent.
 */
export function chatBody(
  request: AskRequest,
  options: RemoteOptions,
  shape: ChatShape,
  refused: Refused,
  slots: MediaSlots,
): ChatBody {
  const leftOut: string[] = [];
  const body =
    shape.body?.({ request, options, slots, leaveOut: (field) => leftOut.push(field) }) ??
    openAiBody(request, options, shape, refused, slots);
  const changed: Record<string, string | number> = {};
  shape.changeBody?.({
    body,
    request,
    options,
    leaveOut(field) {
      if (body[field] !== undefined) leftOut.push(field);
      delete body[field];
    },
    change(field, value) {
      if (body[field] !== undefined && body[field] !== value) changed[field] = value;
      body[field] = value;
    },
  });
  for (const mark of refused) {
    const name = mark.split(':', 1)[0] ?? mark;
    if (markOf(name, body) !== mark) continue;
    for (const one of [name, ...(DEPENDENT[name] ?? [])]) {
      if (body[one] !== undefined) leftOut.push(one);
      delete body[one];
      delete changed[one];
    }
  }
  if (typeof request.extra?.n === 'number' && request.extra.n > 1) leftOut.push('n');
  return { body, leftOut, changed };
}

function openAiBody(
  request: AskRequest,
  { model, maxTokensField }: RemoteOptions,
  shape: ChatShape,
  refused: Refused,
  slots: MediaSlots,
): Record<string, unknown> {
  const stream = request.stream !== false;
  return {
    ...request.extra,
    // There is room for one answer.
    n: undefined,
    model,
    messages: wireMessages(request.messages, slots, shape),
    stream,
    stream_options: stream ? { include_usage: true } : undefined,
    modalities: request.speak ? ['text', 'audio'] : undefined,
    // The one format every server that speaks can stream.
    audio: request.speak ? { voice: request.speak.voice ?? 'alloy', format: stream ? 'pcm16' : 'wav' } : undefined,
    temperature: request.temperature,
    top_p: request.topP,
    seed: request.seed,
    stop: request.stop,
    frequency_penalty: request.frequencyPenalty,
    presence_penalty: request.presencePenalty,
    logprobs: request.logprobs && true,
    top_logprobs: request.logprobs?.top || undefined,
    tools: request.tools?.map((tool) => ({ type: 'function', function: tool })),
    tool_choice: toolChoiceOf(request.toolChoice),
    response_format: responseFormatOf(request.responseFormat),
    [refused.has(maxTokensField) ? OTHER_NAME[maxTokensField] : maxTokensField]: request.maxTokens,
  };
}

function toolChoiceOf(choice: AskOptions['toolChoice']): unknown {
  return typeof choice === 'object' ? { type: 'function', function: choice } : choice;
}

function responseFormatOf(format: AskOptions['responseFormat']): unknown {
  switch (format?.kind) {
    case undefined:
      return undefined;
    case 'text':
      return { type: 'text' };
    case 'json':
      return { type: 'json_object' };
    case 'json-schema': {
      const { name, description, schema, strict } = format;
      return { type: 'json_schema', json_schema: { name, description, schema, strict } };
    }
  }
}

/** What a refused field is remembered by. Of the forms an answer may have, a server may know some and not others. */
function markOf(name: string, body: Readonly<Record<string, unknown>>): string {
  return name === 'response_format' ? `${name}:${(body[name] as { type?: unknown } | undefined)?.type}` : name;
}

const UNSUPPORTED =
  /unsupported|does ?n[o']t support|not (?:be )?(?:supported|allowed|permitted|recogni[sz]ed)|unavailable|unknown|unrecogni[sz]ed|unexpected|extra (?:field|input)|forbidden/i;

/** The words of a server that knows the field, and finds fault with what is in it. */
const FAULTY_SCHEMA = /invalid schema|invalid_function_parameters/i;

/** Names that no sentence holds by chance; others count only between quotes or as a path. */
const TELLING = /_|^(?:temperature|seed|logprobs)$/;

/**
 * Learns from a refusal: the field that the server says it does not know, or `null` when it is about something else. A
 * value that is merely out of range is the caller's to mend and teaches nothing. `param` is the field the server named.
 */
export function learnRefusal(
  { message, param }: { readonly message: string; readonly param?: string | undefined },
  body: Readonly<Record<string, unknown>>,
  refused: Refused,
): string | null {
  if (!UNSUPPORTED.test(message) || FAULTY_SCHEMA.test(message)) return null;
  const sent = Object.keys(body).filter((name) => body[name] !== undefined && !NEVER_LEFT_OUT.has(name));
  const named = sent
    .map((name) => ({ name, place: name === param ? -1 : placeOf(name, message) }))
    .sort((one, other) => one.place - other.place)[0];
  if (named === undefined || named.place === Number.POSITIVE_INFINITY) return null;
  refused.add(markOf(named.name, body));
  return named.name;
}

function placeOf(name: string, message: string): number {
  const safe = name.replaceAll(/\W/g, '\\$&');
  const pattern = TELLING.test(name) ? `\\b${safe}\\b` : `["'\`‘“]${safe}["'\`’”]|\\bbody\\.${safe}\\b`;
  const place = message.search(new RegExp(pattern));
  return place < 0 ? Number.POSITIVE_INFINITY : place;
}
