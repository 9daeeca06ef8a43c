import type { ModelCapabilities } from '#contract/capabilities.ts';
import type { AskRequest } from '#contract/chat.ts';
import { lossOf } from '#contract/loss.ts';
import type { Media, MediaPart } from '#contract/media.ts';
import { classifyDashScope, nativeRefusal } from '#upstream/dashscope.ts';
import { refusalIn } from '#upstream/errors.ts';
import type { MediaSlots } from '#upstream/media-body.ts';
import type { BodyDraft, ChatShape } from '../openai/shape.ts';
import { dataUrl, hasPlaceFor, noPlace } from '../openai/wire-messages.ts';
import type { RemoteOptions } from '../remote.ts';

/** Formats of sound by the type that a look at the bytes gives. */
const SOUNDS: Readonly<Record<string, string>> = { 'audio/wav': 'wav', 'audio/mpeg': 'mp3' };

// OpenAI's ranges are wider: temperature stays below 2 here, and top_p above 0.
const HIGHEST_TEMPERATURE = 1.99;
const LEAST_TOP_P = 0.01;
const MOST_TOP_LOGPROBS = 5;

/** Where DashScope's compatible chat completions differ from OpenAI's. Source: Model Studio's qwen-omni and vision pages. */
export function qwenShape({ capabilities }: RemoteOptions): ChatShape {
  return {
    accepts: (media) => hasRoomFor(media, capabilities),
    wirePart: (part, slots) => wirePart(part, slots, capabilities),
    changeBody,
    classify: classifyDashScope,
    refusalIn: (status, json) => refusalIn(status, json) ?? nativeRefusal(status, json),
    lossInHead: (headers, engine) =>
      headers['x-dashscope-partialresponse'] === 'true'
        ? lossOf({
            kind: 'text-truncated',
            stage: 'ask',
            engine,
            message: 'The server ran out of its time for an answer in one piece and gave what it had written by then.',
            action: 'The text stops there; a streamed answer has no such limit.',
          })
        : null,
  };
}

function hasRoomFor(media: Media, { limits }: ModelCapabilities): boolean {
  if (media.kind === 'document' || media.kind === 'text') return false;
  return limits?.[media.kind]?.mimeTypes?.includes(media.mimeType) ?? hasPlaceFor(media);
}

function wirePart(part: MediaPart, slots: MediaSlots, capabilities: ModelCapabilities): object {
  const { media } = part;
  if (!hasRoomFor(media, capabilities)) throw noPlace(media);
  switch (media.kind) {
    case 'image':
      return { type: 'image_url', image_url: { url: dataUrl(part, slots) } };
    case 'video':
      return { type: 'video_url', video_url: { url: dataUrl(part, slots) } };
    default:
      // Bare base64 is refused, and the media type of the address stays empty.
      return {
        type: 'input_audio',
        input_audio: { data: `data:;base64,${slots.hold(part)}`, format: SOUNDS[media.mimeType] },
      };
  }
}

function changeBody({ body, request, options, leaveOut, change }: BodyDraft): void {
  if (Number(body.temperature) >= 2) change('temperature', HIGHEST_TEMPERATURE);
  if (body.top_p === 0) change('top_p', LEAST_TOP_P);
  if (Number(body.top_logprobs) > MOST_TOP_LOGPROBS) change('top_logprobs', MOST_TOP_LOGPROBS);
  lookClosely(body, detailIn(request), options.capabilities, leaveOut);
  // Clients of OpenAI's API count on several calls at once; here that must be asked for.
  if (request.tools?.length && body.parallel_tool_calls === undefined) body.parallel_tool_calls = true;
  if (!request.speak) return;
  // The sound comes as headerless PCM16 all the same.
  body.audio = { voice: request.speak.voice ?? usualVoice(options.model), format: 'wav' };
  // A model that thinks answers in text only.
  if (body.enable_thinking === true) leaveOut('enable_thinking');
}

/** How closely pictures are to be looked at is one word for all of them, and only models that do not hear know it. */
function lookClosely(
  body: BodyDraft['body'],
  detail: string | undefined,
  { input }: ModelCapabilities,
  leaveOut: BodyDraft['leaveOut'],
): void {
  if (detail === undefined) return;
  if (detail === 'high' && input.audio === false) {
    body.vl_high_resolution_images ??= true;
    return;
  }
  body.detail = detail;
  leaveOut('detail');
}

/** The first wish for how closely a picture is to be looked at. */
function detailIn({ messages }: AskRequest): string | undefined {
  return messages
    .flatMap(({ content }) => (typeof content === 'string' ? [] : content))
    .flatMap((part) => (part.kind === 'media' && part.detail !== undefined ? [part.detail] : []))
    .find((detail) => detail !== 'auto');
}

function usualVoice(model: string): string {
  if (/^qwen3\.\d+-omni/.test(model)) return 'Tina';
  return /^qwen2\.5-omni/.test(model) ? 'Chelsie' : 'Cherry';
}
