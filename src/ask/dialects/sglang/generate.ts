import type { AskRequest } from '#contract/chat.ts';
import { SensoriumError } from '#contract/error.ts';
import type { PromptVectors } from '#contract/prompt-vectors.ts';
import { jsonRows } from '#kit/tensor/json-rows.ts';
import type { Chunk } from '../openai/chunk.ts';
import type { ChatShape, WholeBody } from '../openai/shape.ts';
import { isObject, usageOf } from '../openai/usage.ts';
import { vllmRefusal } from '../vllm/shape.ts';

/** What the native API has no place for, by OpenAI's names. */
const WITHOUT_PLACE = {
  seed: (request: AskRequest) => request.seed,
  logprobs: (request: AskRequest) => request.logprobs,
  tools: (request: AskRequest) => request.tools,
  response_format: ({ responseFormat }: AskRequest) => (responseFormat?.kind === 'text' ? undefined : responseFormat),
} as const;

/**
 * SGLang's native `/generate`, the one address of it that takes vectors: a prompt that is vectors throughout, with no chat template
 * put around them. Source: sglang's io_struct.py (`GenerateReqInput.input_embeds`) and http_server.py, 0.5.23.
 */
export const SGLANG_GENERATE_SHAPE: ChatShape = {
  path: 'generate',
  accepts: () => false,
  body,
  vectorPart: () => ({}),
  reader,
  classify: (refusal) => (/disable_radix_cache/.test(refusal.message) ? 'refused' : vllmRefusal(refusal)),
};

function body({ request, slots, leaveOut }: WholeBody): Record<string, unknown> {
  for (const [name, asked] of Object.entries(WITHOUT_PLACE)) if (asked(request) !== undefined) leaveOut(name);
  for (const name of Object.keys(request.extra ?? {})) if (name !== 'n') leaveOut(name);
  return {
    input_embeds: slots.holdJson(jsonRows(wholePrompt(request))),
    sampling_params: {
      max_new_tokens: request.maxTokens,
      temperature: request.temperature,
      top_p: request.topP,
      stop: request.stop,
      frequency_penalty: request.frequencyPenalty,
      presence_penalty: request.presencePenalty,
    },
    stream: request.stream !== false,
  };
}

/** The vectors that are the whole conversation. Throws `ask.refused` where something else is in it. */
function wholePrompt({ messages }: AskRequest): PromptVectors {
  const [only, ...others] = messages;
  const [part, ...more] = typeof only?.content === 'string' ? [] : (only?.content ?? []);
  if (part?.kind === 'vectors' && more.length === 0 && others.length === 0) return part.vectors;
  throw new SensoriumError(
    'ask.refused',
    'SGLang takes vectors only for a whole prompt, and here are words beside them.',
    {
      hint: 'Make vectors of the whole prompt, chat template included; or ask vLLM or a model of this machine.',
      details: { code: 'EMB_SERVER_UNSUPPORTED' },
    },
  );
}

/** Each message of the stream repeats the whole text so far; `meta_info` counts, and says why it ended. */
function reader(): (json: unknown) => Chunk | null {
  let before = '';
  return (json) => {
    if (!isObject(json) || typeof json.text !== 'string') return null;
    const { text, meta_info: meta } = json;
    const added = text.startsWith(before) ? text.slice(before.length) : text;
    before = text.startsWith(before) ? text : before + text;
    const ended = isObject(meta) && isObject(meta.finish_reason) ? meta.finish_reason.type : null;
    return {
      ...{ model: null, text: added, reasoning: '', refusal: '', sound: '', toolCalls: [], tokens: [] },
      reason: typeof ended === 'string' ? ended : null,
      usage: usageOf(meta),
    };
  };
}
