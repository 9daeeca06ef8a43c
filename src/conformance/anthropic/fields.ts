import type { Reply } from '../reply.ts';
import { check } from '../server.ts';

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';
const oneOf =
  (...names: readonly unknown[]) =>
  (value: unknown) =>
    names.includes(value);
const within = (low: number, high: number) => (value: unknown) =>
  typeof value === 'number' && value >= low && value <= high;

const FIELDS: Readonly<Record<string, (value: unknown) => boolean>> = {
  model: isText,
  max_tokens: (value) => Number.isInteger(value) && Number(value) >= 1,
  messages: (value) => Array.isArray(value) && value.length > 0,
  system: (value) =>
    isText(value) || (Array.isArray(value) && value.every((block) => isObject(block) && block.type === 'text')),
  stream: oneOf(true, false),
  temperature: within(0, 1),
  top_p: within(0, 1),
  top_k: within(0, 500),
  stop_sequences: (value) => Array.isArray(value) && value.every(isText),
  tools: (value) =>
    Array.isArray(value) &&
    value.every(
      (tool) =>
        isObject(tool) && isName(tool.name) && isObject(tool.input_schema) && tool.input_schema.type === 'object',
    ),
  tool_choice: (value) =>
    isObject(value) && (oneOf('auto', 'any', 'none')(value.type) || (value.type === 'tool' && isText(value.name))),
  thinking: isObject,
  metadata: (value) => isObject(value) && Object.keys(value).every(oneOf('user_id')),
  service_tier: oneOf('auto', 'standard_only'),
  output_config: (value) =>
    isObject(value) && Object.keys(value).every(oneOf('effort', 'format')) && isFormat(value.format),
};

const isName = (value: unknown) => isText(value) && /^[\w-]{1,128}$/.test(value);
const isFormat = (format: unknown) =>
  format === undefined ||
  (isObject(format) && format.type === 'json_schema' && isObject(format.schema) && Object.keys(format).length === 2);

/** Checks a request of the Messages API field by field, block by block; unknown fields are refused, as the API does. */
export function checkRequest(body: Json, refuse: (message: string) => Reply): void {
  const must = (holds: unknown, message: string): void => check(holds, message, refuse(message));
  for (const [name, value] of Object.entries(body)) {
    must(Object.hasOwn(FIELDS, name), `${name}: Extra inputs are not permitted`);
    must(FIELDS[name]?.(value), `${name}: Input should be valid`);
  }
  for (const name of ['model', 'max_tokens', 'messages']) must(body[name] !== undefined, `${name}: Field required`);
  must(body.tool_choice === undefined || body.tools !== undefined, 'tool_choice: only with tools');
  let calls: unknown[] = [];
  for (const [at, message] of (body.messages as unknown[]).entries()) {
    const place = `messages.${at}`;
    must(isObject(message) && oneOf('user', 'assistant')(message.role), `${place}.role: user or assistant`);
    const { role, content } = message as Json;
    must(at > 0 || role === 'user', `${place}: first message must be the user's`);
    if (isText(content)) continue;
    must(Array.isArray(content) && content.length > 0, `${place}.content: neither text nor blocks`);
    const blocks = content as unknown[];
    for (const [spot, block] of blocks.entries()) checkBlock(block, role, `${place}.content.${spot}`, must);
    const answered = (blocks as Json[]).filter(({ type }) => type === 'tool_result').map(({ tool_use_id: id }) => id);
    must(
      calls.every((id) => answered.includes(id)),
      `${place}: tool_use ids were found without tool_result blocks`,
    );
    must(
      answered.every((id) => calls.includes(id)),
      `${place}: unexpected tool_use_id in tool_result blocks`,
    );
    calls = (blocks as Json[]).filter(({ type }) => type === 'tool_use').map(({ id }) => id);
  }
}

function checkBlock(block: unknown, role: unknown, at: string, must: (holds: unknown, message: string) => void): void {
  must(isObject(block), `${at}: not an object`);
  const { type, source, ...rest } = block as Json;
  switch (type) {
    case 'text':
      must(isText(rest.text), `${at}: text content blocks must be non-empty`);
      break;
    case 'image':
    case 'document': {
      must(role === 'user' && isObject(source) && source.type === 'base64', `${at}.source: a user's, in base64`);
      const { media_type: kind, data } = source as Json;
      const known = type === 'document' ? ['application/pdf'] : ['image/jpeg', 'image/png', 'image/gif', 'image/webp'];
      must(known.includes(String(kind)), `${at}.source.base64.media_type: ${String(kind)}`);
      must(
        isText(data) && data.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(data),
        `${at}.source.base64.data: invalid base64`,
      );
      break;
    }
    case 'tool_use':
      must(
        role === 'assistant' && isText(rest.id) && isText(rest.name) && isObject(rest.input),
        `${at}: malformed tool_use`,
      );
      break;
    case 'tool_result':
      must(role === 'user' && isText(rest.tool_use_id), `${at}: malformed tool_result`);
      break;
    default:
      must(role === 'assistant' && type === 'thinking', `${at}: unknown block ${String(type)}`);
  }
}

/** The functions a model that must call one calls; none where it may do without. */
export function toolsOf({ tools, tool_choice: choice }: Json): string[] {
  const names = Array.isArray(tools) ? (tools as { name: string }[]).map(({ name }) => name) : [];
  if (!isObject(choice)) return [];
  if (choice.type === 'tool') return names.filter((name) => name === choice.name);
  return choice.type === 'any' ? names.slice(0, choice.disable_parallel_tool_use === true ? 1 : 2) : [];
}
