import { z } from 'zod';
import { SensoriumOptions } from './sensorium.ts';
import { FileSearchTool } from './vector-stores.ts';

const TextPart = z.object({ type: z.literal('text'), text: z.string() });
const Url = z.object({ url: z.string(), detail: z.string().optional() });
const UrlOrText = z.union([Url, z.string().transform((url) => ({ url, detail: undefined }))], {
  error: 'expected an address, or an object with one in `url`',
});

const VectorsPart = z
  .object({
    type: z.literal('prompt_embeds'),
    data: z.string().describe('Base64 of a file of torch.save, or of safetensors, with one tensor of rows × width'),
    surrogate: z.string().optional().describe('What the vectors stand for, in words: required, and kept in the log'),
  })
  .describe('Vectors in the model’s own input space; taken only where the server is set to, and from keys that may');
export type VectorsPart = z.infer<typeof VectorsPart>;

/** A piece of a message. Media come as an http or https address, a data URL, or base64. */
export const ContentPart = z.discriminatedUnion('type', [
  TextPart,
  z.object({ type: z.literal('refusal'), refusal: z.string() }),
  VectorsPart,
  z.object({ type: z.literal('image_url'), image_url: UrlOrText }),
  z.object({ type: z.literal('video_url'), video_url: UrlOrText }),
  z.object({ type: z.literal('audio_url'), audio_url: UrlOrText }),
  z.object({
    type: z.literal('input_audio'),
    input_audio: z.object({ data: z.string(), format: z.string().optional() }),
  }),
  z.object({
    type: z.literal('file'),
    file: z.object({
      file_data: z.string().optional(),
      file_id: z.string().optional(),
      filename: z.string().max(255).optional(),
    }),
  }),
]);
export type ContentPart = z.infer<typeof ContentPart>;

const ToolCall = z.object({
  id: z.string(),
  type: z.literal('function').default('function'),
  function: z.object({ name: z.string(), arguments: z.string() }),
});

export const Message = z.object({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool', 'function']),
  content: z
    .union([z.string(), z.array(ContentPart), z.null()], { error: 'expected a text or a list of parts' })
    .optional(),
  name: z.string().optional(),
  tool_calls: z.array(ToolCall).nullish(),
  tool_call_id: z.string().optional(),
  audio: z.object({ id: z.string() }).nullish(),
  refusal: z.string().nullish(),
});
export type Message = z.infer<typeof Message>;

const FunctionTool = z.object({
  type: z.literal('function'),
  function: z.object({
    name: z.string().min(1).max(64),
    description: z.string().optional(),
    parameters: z.record(z.string(), z.unknown()).optional(),
    strict: z.boolean().nullish(),
  }),
});

const Tool = z.discriminatedUnion('type', [FunctionTool, FileSearchTool]);

const ToolChoice = z.union([
  z.enum(['none', 'auto', 'required']),
  z.object({ type: z.literal('function'), function: z.object({ name: z.string() }) }),
]);

const ResponseFormat = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text') }),
  z.object({ type: z.literal('json_object') }),
  z.object({
    type: z.literal('json_schema'),
    json_schema: z.object({
      name: z.string(),
      description: z.string().optional(),
      schema: z.record(z.string(), z.unknown()).default({}),
      strict: z.boolean().nullish(),
    }),
  }),
]);

export const CHAT_SOUND_FORMATS = ['wav', 'mp3', 'opus', 'aac', 'flac', 'pcm16'] as const;

/** A name, or OpenAI’s form for a voice of one’s own. */
export const VoiceName = z.union([z.string().min(1).max(100), z.object({ id: z.string().min(1).max(100) })]);

const limit = z.number().int().positive().nullish();

/** What `POST /v1/chat/completions` takes. Fields not named here go to the model’s server as they are. */
export const ChatRequest = z
  .looseObject({
    model: z.string().min(1).max(512).optional().describe('The configured model where none is named'),
    messages: z.array(Message).min(1).max(4096),
    modalities: z.array(z.enum(['text', 'audio'])).nullish(),
    audio: z.object({ voice: VoiceName, format: z.enum(CHAT_SOUND_FORMATS) }).nullish(),
    max_completion_tokens: limit,
    max_tokens: limit,
    temperature: z.number().min(0).max(2).nullish(),
    top_p: z.number().min(0).max(1).nullish(),
    frequency_penalty: z.number().min(-2).max(2).nullish(),
    presence_penalty: z.number().min(-2).max(2).nullish(),
    stop: z.union([z.string(), z.array(z.string()).max(16)]).nullish(),
    seed: z.number().int().nullish(),
    n: z.number().int().positive().nullish(),
    logprobs: z.boolean().nullish(),
    top_logprobs: z.number().int().min(0).max(20).nullish(),
    response_format: ResponseFormat.nullish(),
    tools: z.array(Tool).max(512).nullish(),
    tool_choice: ToolChoice.nullish(),
    stream: z.boolean().nullish(),
    stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
    sensorium: SensoriumOptions.optional(),
  })
  .describe('OpenAI’s chat completion request, with media of any kind in any message');
export type ChatRequest = z.infer<typeof ChatRequest>;
