import { check, type Request } from '../server.ts';
import { type ErrorCode, refusal } from './errors.ts';
import { checkImage, checkVideo, type Seen } from './media.ts';

const between = (from: number, to: number) => (value: unknown) =>
  typeof value === 'number' && value >= from && value <= to;
const isText = (value: unknown) => typeof value === 'string';
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Fields of a request that Qianfan documents, and what may be in them. */
const FIELDS: Readonly<Record<string, (value: unknown) => boolean>> = {
  model: (value) => isText(value) && value !== '',
  messages: (value) => Array.isArray(value) && value.length > 0,
  stream: (value) => typeof value === 'boolean',
  stream_options: (value) => isObject(value) && typeof value.include_usage === 'boolean',
  temperature: (value) => between(0, 1)(value) && value !== 0,
  top_p: between(0, 1),
  penalty_score: between(1, 2),
  max_completion_tokens: (value) => Number.isInteger(value) && Number(value) > 0,
  seed: Number.isInteger,
  stop: (value) => Array.isArray(value) && value.every(isText),
  tools: (value) => Array.isArray(value) && value.every((tool) => isObject(tool) && tool.type === 'function'),
  tool_choice: (value) => isText(value) || isObject(value),
  parallel_tool_calls: (value) => typeof value === 'boolean',
  response_format: (value) => isObject(value) && ['text', 'json_object', 'json_schema'].includes(String(value.type)),
  web_search: isObject,
  user: isText,
  metadata: isObject,
};

const ROLES = ['system', 'user', 'assistant', 'tool'];

/** A request that Qianfan would take. */
export interface Asked {
  readonly stream: boolean;
  readonly media: readonly Seen[];
}

/** Checks a chat request field by field. */
export function checkRequest(request: Request): Asked {
  check(request.headers['content-type'] === 'application/json', 'content-type', refusal('malformed_json'));
  const body = request.json();
  for (const [field, value] of Object.entries(body)) {
    const code: ErrorCode =
      field === 'model' ? 'invalid_model' : field === 'messages' ? 'invalid_messages' : 'invalid_argument';
    check(FIELDS[field]?.(value), field, refusal(code, `invalid ${field}`));
  }
  const { model, messages, stream, stream_options } = body;
  check(isText(model), 'model', refusal('invalid_model', 'model is empty'));
  check(Array.isArray(messages), 'messages', refusal('invalid_messages'));
  check(stream_options === undefined || stream === true, 'stream_options without stream', refusal('invalid_argument'));
  return { stream: stream === true, media: messages.flatMap((message) => checkMessage(message, String(model))) };
}

function checkMessage(message: unknown, model: string): Seen[] {
  const bad = refusal('invalid_messages');
  check(isObject(message) && ROLES.includes(String(message.role)), 'role', bad);
  const { role, content } = message;
  if (isText(content) || (content === null && role === 'assistant')) return [];
  check(Array.isArray(content) && role === 'user', 'content', bad);
  return content.flatMap((part) => {
    check(isObject(part), 'part', bad);
    if (part.type === 'image_url') return [checkImage(part)];
    if (part.type === 'video_url') return [checkVideo(part, model)];
    check(part.type === 'text' && isText(part.text), `a part of type ${String(part.type)}`, bad);
    return [];
  });
}
