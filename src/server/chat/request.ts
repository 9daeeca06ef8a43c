import type { AskOptions } from '#contract/chat.ts';
import { type Loss, lossOf } from '#contract/loss.ts';
import type { RouteWish } from '#contract/plan.ts';
import type { PromptVectors } from '#contract/prompt-vectors.ts';
import type { AnswerRequest, MediaInput, Turn, TurnPart } from '#pipeline/index.ts';
import type { ChatRequest, ContentPart, Message, VectorsPart } from '../schemas/chat.ts';
import { SensoriumOptions } from '../schemas/sensorium.ts';
import { searchAlongOf } from '../shelf/wishes.ts';
import { badField } from '../wire/bad-request.ts';
import { fieldsLeftOut } from './left-out.ts';
import type { SpokenAnswers } from './spoken-answers.ts';
import { type VectorDoor, vectorsOf } from './vectors.ts';

/** What a request is read with: where its long strings went, what was said earlier, and the settings it falls back on. */
export interface ChatContext {
  mediumOf(text: string): MediaInput | null;
  readonly spoken: SpokenAnswers;
  /** Whose vector stores may be searched. */
  readonly tenant: string;
  readonly defaults: { readonly speed: number; readonly maxParts: number };
  readonly vectors: VectorDoor;
  /** Finds the voice for a name, and the loss when it is another one. */
  voiceFor(name: string): { readonly voice: string; readonly loss: Loss | null };
}

/** Fields we read ourselves; all others go to the model’s server as they are. */
const OURS: ReadonlySet<string> = new Set([
  'model',
  'messages',
  'modalities',
  'audio',
  'max_completion_tokens',
  'max_tokens',
  'temperature',
  'top_p',
  'frequency_penalty',
  'presence_penalty',
  'stop',
  'seed',
  'n',
  'logprobs',
  'top_logprobs',
  'response_format',
  'tools',
  'tool_choice',
  'stream',
  'stream_options',
  'sensorium',
]);

/**
 * A chat completion request in the pipeline’s words; `given` is what it was read from, with the fields the schema does not
 * know. Throws `server.bad-request` naming the field.
 */
export function answerRequestOf(body: ChatRequest, context: ChatContext, given: unknown = body): AnswerRequest {
  const lost: Loss[] = fieldsLeftOut(given, body).map(ignored);
  const speaks = body.modalities?.includes('audio') ?? false;
  const { sensorium = NONE_ASKED } = body;
  if ((body.n ?? 1) !== 1) throw badField('n', 'must be 1: this server gives one answer');
  if (body.top_logprobs && !body.logprobs) throw badField('top_logprobs', 'needs logprobs to be true');
  if (mustCall(body.tool_choice) && !functionsOf(body)?.length)
    throw badField('tool_choice', 'needs tools to choose from');
  if (speaks && !body.audio) throw badField('audio', 'is required with modalities ["audio"]');
  if (speaks && body.stream && body.audio?.format !== 'pcm16') {
    throw badField('audio.format', 'must be pcm16 in a stream, as in OpenAI’s API');
  }
  let vectors = 0;
  const named = (part: VectorsPart, where: string) => vectorsOf(part, where, `vectors-${++vectors}`, context.vectors);
  const turns = body.messages.map((message, index) => turnOf(message, `messages[${index}]`, context, named));
  const media = turns.reduce((sum, { content }) => sum + content.filter(({ kind }) => kind !== 'text').length, 0);
  if (media > context.defaults.maxParts) {
    throw badField('messages', `hold ${media} media parts; ${context.defaults.maxParts} are allowed`);
  }
  let voice: string | null = null;
  if (speaks && body.audio) {
    const wanted = typeof body.audio.voice === 'string' ? body.audio.voice : body.audio.voice.id;
    const found = context.voiceFor(wanted);
    voice = found.voice;
    if (found.loss) lost.push(found.loss);
  }
  for (const [name, value] of Object.entries(body.stream_options ?? {})) {
    if (name !== 'include_usage' && value) lost.push(ignored(`stream_options.${name.slice(0, 100)}`));
  }
  return {
    question: null,
    media: [],
    turns,
    voice,
    speed: context.defaults.speed,
    model: body.model,
    language: sensorium.language,
    wish: wishOf(sensorium),
    search: searchAlongOf(body, context.tenant),
    mend: sensorium.mend,
    loss: sensorium.loss,
    stream: (body.stream ?? false) || speaks,
    lost,
    ...optionsOf(body),
  };
}

const NONE_ASKED = SensoriumOptions.parse({});

/** What a request asks for itself; where it says nothing, the configuration does. */
function wishOf({ route, policy }: SensoriumOptions): RouteWish | undefined {
  if (policy === undefined && (route === undefined || route === 'auto')) return undefined;
  return { route: route ?? 'auto', policy: policy ?? 'prefer' };
}

function ignored(option: string): Loss {
  const message = `This server does not know ${option}; it was left out.`;
  return lossOf({ kind: 'option-ignored', stage: 'ask', text: option, message });
}

function optionsOf(body: ChatRequest): AskOptions {
  let extra: Record<string, unknown> | undefined;
  for (const name in body) {
    if (OURS.has(name) || body[name] === null || body[name] === undefined) continue;
    extra ??= {};
    extra[name] = body[name];
  }
  const { response_format: format } = body;
  const tools = functionsOf(body);
  // A choice among no tools is refused by the servers of others.
  const choice = tools === undefined && body.tools?.length ? undefined : body.tool_choice;
  return {
    temperature: body.temperature ?? undefined,
    topP: body.top_p ?? undefined,
    maxTokens: body.max_completion_tokens ?? body.max_tokens ?? undefined,
    seed: body.seed ?? undefined,
    stop: body.stop === null || body.stop === undefined ? undefined : [body.stop].flat(),
    frequencyPenalty: body.frequency_penalty ?? undefined,
    presencePenalty: body.presence_penalty ?? undefined,
    logprobs: body.logprobs ? { top: body.top_logprobs ?? 0 } : undefined,
    tools,
    toolChoice: choice && typeof choice === 'object' ? { name: choice.function.name } : (choice ?? undefined),
    responseFormat: format ? formatOf(format) : undefined,
    extra,
  };
}

/** What the model itself may ask for; looking in vector stores is done before it is asked. */
function functionsOf({ tools }: ChatRequest): AskOptions['tools'] {
  const functions = tools?.flatMap((tool) => (tool.type === 'function' ? [tool.function] : []));
  return functions?.length === 0 && tools?.length !== 0 ? undefined : functions;
}

function mustCall(choice: ChatRequest['tool_choice']): boolean {
  return choice === 'required' || (typeof choice === 'object' && choice !== null);
}

function formatOf(format: NonNullable<ChatRequest['response_format']>): AskOptions['responseFormat'] {
  switch (format.type) {
    case 'text':
      return undefined;
    case 'json_object':
      return { kind: 'json' };
    case 'json_schema': {
      const { name, description, schema, strict } = format.json_schema;
      return { kind: 'json-schema', name, description, schema, strict };
    }
  }
}

type TakeVectors = (part: VectorsPart, where: string) => PromptVectors;

function turnOf(message: Message, where: string, context: ChatContext, take: TakeVectors): Turn {
  const content: TurnPart[] = [];
  if (typeof message.content === 'string') content.push({ kind: 'text', text: message.content });
  else {
    message.content?.forEach((part, at) => {
      content.push(partOf(part, `${where}.content[${at}]`, context, take));
    });
  }
  if (message.audio) content.push({ kind: 'text', text: saidBefore(message.audio.id, where, context) });
  if (message.refusal) content.push({ kind: 'text', text: message.refusal });
  const turn = { role: ROLES[message.role], content };
  const { name, tool_calls: calls, tool_call_id: toolCallId } = message;
  if (name === undefined && !calls && toolCallId === undefined) return turn;
  const toolCalls = calls?.map(({ id, function: call }) => ({ id, name: call.name, arguments: call.arguments }));
  return { ...turn, name, toolCalls, toolCallId };
}

// “developer” is OpenAI’s newer word for what every other server calls “system”.
const ROLES = {
  system: 'system',
  developer: 'system',
  user: 'user',
  assistant: 'assistant',
  tool: 'tool',
  function: 'tool',
} as const;

function saidBefore(id: string, where: string, { spoken }: ChatContext): string {
  const words = spoken.get(id);
  if (words !== undefined) return words;
  throw badField(`${where}.audio.id`, 'names a spoken answer that is not kept any more; send its text instead');
}

function partOf(part: ContentPart, where: string, context: ChatContext, take: TakeVectors): TurnPart {
  switch (part.type) {
    case 'text':
      return { kind: 'text', text: part.text };
    case 'refusal':
      return { kind: 'text', text: part.refusal };
    case 'prompt_embeds':
      return { kind: 'vectors', vectors: take(part, where) };
    case 'image_url':
      return mediaPart(part.image_url.url, `${where}.image_url.url`, context, part.image_url.detail);
    case 'video_url':
      return mediaPart(part.video_url.url, `${where}.video_url.url`, context);
    case 'audio_url':
      return mediaPart(part.audio_url.url, `${where}.audio_url.url`, context);
    case 'input_audio':
      return mediaPart(part.input_audio.data, `${where}.input_audio.data`, context);
    case 'file': {
      const { file_data: data, file_id: id, filename: name } = part.file;
      if (data !== undefined) {
        const input = mediumIn(data, `${where}.file.file_data`, context);
        const named = name !== undefined && (input.kind === 'spooled' || input.kind === 'url');
        return { kind: 'media', input: named ? { ...input, name } : input };
      }
      throw badField(
        `${where}.file`,
        id ? 'names a stored file; this server stores none: send file_data' : 'needs file_data',
      );
    }
  }
}

function mediaPart(text: string, where: string, context: ChatContext, detail?: string): TurnPart {
  return { kind: 'media', input: mediumIn(text, where, context), ...(detail === undefined ? {} : { detail }) };
}

/** A medium as clients write it: what the reader set aside, an address, a data URL, or base64 alone. */
export function mediumIn(text: string, where: string, { mediumOf }: Pick<ChatContext, 'mediumOf'>): MediaInput {
  const kept = mediumOf(text);
  if (kept) return kept;
  if (text.trim() === '') throw badField(where, 'is empty');
  if (/^data:/i.test(text) || /^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return { kind: 'url', url: text };
  return { kind: 'url', url: `data:;base64,${text}` };
}

/** How many media parts a body holds, before anything else is known of them: for errors that come early. */
export function mediaParts(body: ChatRequest): number {
  const others: ReadonlySet<string> = new Set(['text', 'refusal', 'prompt_embeds']);
  const isMedia = ({ type }: ContentPart) => !others.has(type);
  return body.messages.reduce(
    (sum, { content }) => sum + (Array.isArray(content) ? content.filter(isMedia).length : 0),
    0,
  );
}
