import type { AskRequest } from '#contract/chat.ts';
import type { BodyDraft } from '../openai/shape.ts';

/** OpenAI’s fields that Zhipu’s description of its API does not have. */
const UNKNOWN = [
  'seed',
  'frequency_penalty',
  'presence_penalty',
  'logprobs',
  'top_logprobs',
  'parallel_tool_calls',
] as const;

const VOICE_MAX_TOKENS = 4096;

/** Makes a request one that Zhipu’s description of its API has, of 2026-07-11. */
export function changeBody(draft: BodyDraft): void {
  const { body, request, leaveOut } = draft;
  // Usage comes unasked for, and a model that speaks always does, in its one voice.
  for (const field of ['stream_options', 'modalities', 'audio']) delete body[field];
  for (const field of UNKNOWN) leaveOut(field);
  body.voice = request.speak?.voice ?? undefined;
  leaveOut('voice');
  body.detail = detailIn(request);
  leaveOut('detail');
  changeSampling(draft);
  changeTools(draft);
  changeFormat(draft);
}

function changeSampling({ body, options, change }: BodyDraft): void {
  within('temperature', 0, 1);
  within('top_p', 0.01, 1);
  if (isVoice(options.capabilities) && Number(body.max_tokens) > VOICE_MAX_TOKENS) {
    change('max_tokens', VOICE_MAX_TOKENS);
  }
  if (!Array.isArray(body.stop) || body.stop.length < 2) return;
  const [first] = body.stop;
  change('stop', String(first));
  body.stop = [first];

  /** Both have two decimals. */
  function within(field: string, least: number, most: number): void {
    const value = body[field];
    if (typeof value === 'number') change(field, Math.round(Math.min(most, Math.max(least, value)) * 100) / 100);
  }
}

function changeTools({ body, options, leaveOut }: BodyDraft): void {
  // The only choice it knows is its default. Without functions none can be called.
  if (body.tool_choice === 'none') delete body.tools;
  if (body.tool_choice === 'none' || body.tool_choice === 'auto') delete body.tool_choice;
  leaveOut('tool_choice');
  if (isVoice(options.capabilities)) leaveOut('tools');
}

function changeFormat({ body, options, leaveOut }: BodyDraft): void {
  const { type } = (body.response_format ?? {}) as { type?: unknown };
  if (type === 'text') delete body.response_format;
  const { image, audio } = options.capabilities.input;
  if (type !== 'json_object' || image === true || audio === true) leaveOut('response_format');
}

function isVoice({ output }: BodyDraft['options']['capabilities']): boolean {
  return output.audio === true;
}

/** How closely pictures were to be looked at, where somebody cares. */
function detailIn({ messages }: AskRequest): string | undefined {
  const parts = messages.flatMap(({ content }) => (typeof content === 'string' ? [] : content));
  return parts
    .flatMap((part) => (part.kind === 'media' && part.detail !== undefined ? [part.detail] : []))
    .find((detail) => detail !== 'auto');
}
