import { measureSound } from '../sound.ts';
import { checkField } from './key.ts';

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string';
const within = (low: number, high: number) => (value: unknown) =>
  typeof value === 'number' && value >= low && value <= high;
const whole = (low: number, high: number) => (value: unknown) => Number.isInteger(value) && within(low, high)(value);
const oneOf =
  (...names: readonly unknown[]) =>
  (value: unknown) =>
    names.includes(value);
const isFlag = oneOf(true, false);

/** What each field must be (OpenAI’s API description 2.3.0); `null` is as good as absent. */
const FIELDS: Readonly<Record<string, (value: unknown) => boolean>> = {
  model: isText,
  messages: (value) => Array.isArray(value) && value.length > 0,
  modalities: (value) => Array.isArray(value) && value.length > 0 && value.every(oneOf('text', 'audio')),
  audio: (value) =>
    isObject(value) &&
    (isText(value.voice) || (isObject(value.voice) && isText(value.voice.id))) &&
    oneOf('wav', 'aac', 'mp3', 'flac', 'opus', 'pcm16')(value.format),
  max_completion_tokens: whole(1, 1e9),
  max_tokens: whole(1, 1e9),
  temperature: within(0, 2),
  top_p: within(0, 1),
  frequency_penalty: within(-2, 2),
  presence_penalty: within(-2, 2),
  n: whole(1, 128),
  stop: (value) => isText(value) || (Array.isArray(value) && value.length <= 4 && value.every(isText)),
  logprobs: isFlag,
  top_logprobs: whole(0, 20),
  logit_bias: isObject,
  seed: whole(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
  response_format: (value) =>
    isObject(value) &&
    (oneOf('text', 'json_object')(value.type) ||
      (value.type === 'json_schema' && isObject(value.json_schema) && isName(value.json_schema.name))),
  stream: isFlag,
  stream_options: (value) =>
    isObject(value) &&
    Object.entries(value).every(([name, flag]) => oneOf('include_usage', 'include_obfuscation')(name) && isFlag(flag)),
  tools: (value) => Array.isArray(value) && value.every(isTool),
  tool_choice: (value) =>
    oneOf('none', 'auto', 'required')(value) ||
    (isObject(value) && value.type === 'function' && isObject(value.function) && isText(value.function.name)),
  parallel_tool_calls: isFlag,
  reasoning_effort: oneOf('none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'),
  verbosity: oneOf('low', 'medium', 'high'),
  service_tier: isText,
  store: isFlag,
  metadata: isObject,
  prediction: isObject,
  web_search_options: isObject,
  prompt_cache_key: isText,
  prompt_cache_retention: isText,
  safety_identifier: isText,
  user: isText,
};

const isName = (value: unknown) => isText(value) && /^[\w-]{1,64}$/.test(value);
const isTool = (tool: unknown) =>
  isObject(tool) && tool.type === 'function' && isObject(tool.function) && isName(tool.function.name);

/** Checks a chat completion request field by field; a slip is a fault and OpenAI's 400. */
export function checkChat(body: Json): void {
  const sent = Object.entries(body).filter(([, value]) => value !== null);
  for (const [name, value] of sent) {
    checkField(Object.hasOwn(FIELDS, name), name, 'unknown parameter');
    checkField(FIELDS[name]?.(value), name, 'of another type, or out of range');
  }
  const has = (name: string) => body[name] !== undefined && body[name] !== null;
  for (const name of ['model', 'messages']) checkField(has(name), name, 'missing');
  checkField(!(has('max_tokens') && has('max_completion_tokens')), 'max_tokens', 'not beside max_completion_tokens');
  checkField(!has('top_logprobs') || body.logprobs === true, 'top_logprobs', 'needs logprobs');
  checkField(!has('stream_options') || body.stream === true, 'stream_options', 'only with stream');
  checkField(!has('tool_choice') || has('tools'), 'tool_choice', 'needs tools');
  const speaks = Array.isArray(body.modalities) && body.modalities.includes('audio');
  checkField(speaks === has('audio'), 'audio', 'goes with the modality audio');
  const format = isObject(body.audio) ? body.audio.format : undefined;
  checkField(
    !speaks || body.stream !== true || format === 'pcm16',
    'audio.format',
    `'${String(format)}' cannot be streamed; use pcm16`,
  );
  for (const [at, message] of (body.messages as unknown[]).entries()) checkMessage(message, `messages[${at}]`);
}

function checkMessage(message: unknown, at: string): void {
  checkField(isObject(message), at, 'not an object');
  const { role, content } = message;
  checkField(oneOf('system', 'developer', 'user', 'assistant', 'tool')(role), `${at}.role`, 'unknown');
  const calls = message.tool_calls;
  if (role === 'tool') checkField(isText(message.tool_call_id), `${at}.tool_call_id`, 'missing');
  if (calls !== undefined) {
    checkField(role === 'assistant' && Array.isArray(calls) && calls.every(isCall), `${at}.tool_calls`, 'malformed');
  }
  if (isText(content) || (role === 'assistant' && content === null && (calls !== undefined || isObject(message.audio))))
    return;
  checkField(Array.isArray(content) && content.length > 0, `${at}.content`, 'neither text nor a list of parts');
  for (const [place, part] of content.entries()) checkPart(part, String(role), `${at}.content[${place}]`);
}

const isCall = (call: unknown) =>
  isObject(call) &&
  isText(call.id) &&
  call.type === 'function' &&
  isObject(call.function) &&
  isText(call.function.name) &&
  isText(call.function.arguments);

function checkPart(part: unknown, role: string, at: string): void {
  checkField(isObject(part), at, 'not an object');
  const type = String(part.type);
  const mayBe = role === 'user' ? type !== 'refusal' : type === 'text' || (role === 'assistant' && type === 'refusal');
  checkField(mayBe && Object.hasOwn(PARTS, type), `${at}.type`, `'${type}' is not for ${role}`);
  PARTS[type]?.(part[type], `${at}.${type}`);
}

const PARTS: Readonly<Record<string, (held: unknown, at: string) => void>> = {
  text: (held, at) => {
    checkField(isText(held), at, 'no text');
  },
  refusal: (held, at) => {
    checkField(isText(held), at, 'no text');
  },
  image_url: (held, at) => {
    checkField(isObject(held) && isText(held.url), at, 'no url');
    const good = /^https?:\/\//.test(held.url) || /^data:image\/(?:png|jpeg|gif|webp);base64,/.test(held.url);
    checkField(good && isBase64(held.url), `${at}.url`, 'neither an address nor a picture in base64');
    checkField(oneOf(undefined, 'auto', 'low', 'high')(held.detail), `${at}.detail`, 'unknown');
  },
  input_audio: (held, at) => {
    checkField(isObject(held) && oneOf('wav', 'mp3')(held.format), `${at}.format`, 'neither wav nor mp3');
    checkField(isText(held.data) && isBase64(`,${held.data}`), `${at}.data`, 'not base64');
    const sound = measureSound(Buffer.from(held.data, 'base64'));
    checkField(sound?.format === held.format, `${at}.data`, 'not sound in this format');
  },
  file: (held, at) => {
    checkField(isObject(held), at, 'not an object');
    const isWhole = isText(held.filename) && isText(held.file_data);
    checkField(isText(held.file_id) || isWhole, at, 'neither file_id nor filename with file_data');
    const { file_data: data } = held;
    const good = !isText(data) || (/^data:application\/pdf;base64,/.test(data) && isBase64(data));
    checkField(good, `${at}.file_data`, 'not a PDF as a data URL');
  },
};

/** Whether what follows the comma of a data URL is whole base64, padded; an address has none to check. */
function isBase64(url: string): boolean {
  if (/^https?:/.test(url)) return true;
  const base64 = url.slice(url.indexOf(',') + 1);
  return base64 !== '' && base64.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(base64);
}

/** What was sent besides words, in words: `1 image, 1 sound of 1.50 s`. Empty where there was nothing. */
export function mediaIn({ messages }: Json): string {
  const parts = (messages as Json[]).flatMap(({ content }) => (Array.isArray(content) ? (content as Json[]) : []));
  return parts
    .flatMap((part) => {
      if (part.type === 'input_audio' && isObject(part.input_audio)) {
        const ms = measureSound(Buffer.from(String(part.input_audio.data), 'base64'))?.durationMs ?? 0;
        return [`a sound of ${(ms / 1000).toFixed(2)} s`];
      }
      return part.type === 'image_url' ? ['an image'] : part.type === 'file' ? ['a file'] : [];
    })
    .join(', ');
}
