import type { ChatMessage, ContentPart } from '#contract/chat.ts';
import type { LanguageModel } from '#contract/ports.ts';
import { classifyDashScope, GENERATION, nativeRefusal, nativeUrl } from '#upstream/dashscope.ts';
import type { Chunk } from '../openai/chunk.ts';
import { bearer, openAi } from '../openai/engine.ts';
import type { BodyDraft, ChatShape } from '../openai/shape.ts';
import { isObject, type Json } from '../openai/usage.ts';
import { dataUrl, noPlace } from '../openai/wire-messages.ts';
import type { RemoteOptions } from '../remote.ts';

const SOUNDS: ReadonlySet<string> = new Set(['audio/wav', 'audio/mpeg']);

const NATIVE: ChatShape = {
  path: GENERATION,
  authorise: ({ keys }) => ({ ...bearer(keys.apiKey), 'x-dashscope-sse': 'enable' }),
  accepts: ({ mimeType }) => SOUNDS.has(mimeType),
  wirePart(part, slots) {
    if (!SOUNDS.has(part.media.mimeType)) throw noPlace(part.media);
    return { audio: dataUrl(part, slots) };
  },
  changeBody,
  readChunk,
  refusalIn: nativeRefusal,
  classify: classifyDashScope,
};

/**
 * A model that DashScope serves only natively: messages of parts without types, options in a place of their own, an answer
 * streamed in pieces without `[DONE]`. Source: Model Studio, qwen-audio.
 */
export function nativeQwen(options: RemoteOptions): LanguageModel {
  const model = openAi({ ...options, baseUrl: nativeUrl(options.baseUrl, '') }, NATIVE);
  return { ...model, ask: (request, context) => model.ask({ ...request, stream: true }, context) };
}

/** The names here of OpenAI's fields; what is not among them has no place. */
const PARAMETERS: Readonly<Record<string, string>> = {
  temperature: 'temperature',
  top_p: 'top_p',
  seed: 'seed',
  stop: 'stop',
  max_tokens: 'max_tokens',
  max_completion_tokens: 'max_tokens',
  top_k: 'top_k',
  repetition_penalty: 'repetition_penalty',
};
const OURS: ReadonlySet<string> = new Set(['model', 'messages', 'stream', 'stream_options', 'n']);

function changeBody({ body, leaveOut }: BodyDraft): void {
  const parameters: Record<string, unknown> = { result_format: 'message', incremental_output: true };
  const messages = body.messages as readonly (Pick<ChatMessage, 'role'> & { content: unknown })[];
  for (const name of Object.keys(body)) {
    const ours = PARAMETERS[name];
    if (ours === undefined) {
      if (!OURS.has(name)) leaveOut(name);
      continue;
    }
    if (body[name] !== undefined) parameters[ours] = body[name];
    delete body[name];
  }
  for (const name of ['messages', 'stream', 'stream_options', 'n']) delete body[name];
  body.input = { messages: messages.map(({ role, content }) => ({ role, content: partsOf(content) })) };
  body.parameters = parameters;
}

/** Content as a list of parts of which each is known by its only field. */
function partsOf(content: unknown): object[] {
  if (!Array.isArray(content)) return [{ text: typeof content === 'string' ? content : '' }];
  return content.map((part: ContentPart | Json) =>
    'text' in part && typeof part.text === 'string' ? { text: part.text } : part,
  );
}

function readChunk(json: unknown): Chunk | null {
  const output = isObject(json) && isObject(json.output) ? json.output : null;
  if (!isObject(json) || output === null) return null;
  const choice: unknown = Array.isArray(output.choices) ? output.choices[0] : output;
  const said = isObject(choice) ? choice : {};
  const message = isObject(said.message) ? said.message : {};
  const reason = said.finish_reason ?? output.finish_reason;
  return {
    model: null,
    text: textOf(message.content) || textOf(output.text),
    reasoning: textOf(message.reasoning_content),
    refusal: '',
    sound: '',
    toolCalls: [],
    tokens: [],
    // While it goes on, the reason is the word “null”.
    reason: typeof reason === 'string' && reason !== 'null' && reason !== '' ? reason : null,
    usage: usageOf(json.usage),
  };
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((part) => (isObject(part) && typeof part.text === 'string' ? part.text : '')).join('');
}

function usageOf(usage: unknown): Chunk['usage'] {
  if (!isObject(usage)) return null;
  const { input_tokens: inputTokens, output_tokens: outputTokens, audio_tokens: inputAudioTokens } = usage;
  if (!Number.isSafeInteger(inputTokens) || !Number.isSafeInteger(outputTokens)) return null;
  return {
    inputTokens: Number(inputTokens),
    outputTokens: Number(outputTokens),
    ...(Number.isSafeInteger(inputAudioTokens) ? { inputAudioTokens: Number(inputAudioTokens) } : {}),
  };
}
