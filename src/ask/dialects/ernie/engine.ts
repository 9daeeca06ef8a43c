import type { LanguageModel } from '#contract/ports.ts';
import { bearer, openAi } from '../openai/engine.ts';
import type { BodyDraft, ChatShape } from '../openai/shape.ts';
import { hasPlaceFor } from '../openai/wire-messages.ts';
import type { RemoteOptions } from '../remote.ts';
import { classify } from './errors.ts';
import { readErnieChunk } from './safety.ts';

/** The ranges that Qianfan documents; a temperature of 0 is outside. */
const TEMPERATURE = { min: 0.01, max: 1 };
const FPS = { min: 0.2, max: 5 };

/** Fields of OpenAI's that an ERNIE model has nothing for; other models on Qianfan may. */
const NOT_ERNIES = [
  'frequency_penalty',
  'presence_penalty',
  'logprobs',
  'top_logprobs',
  'logit_bias',
  'modalities',
  'audio',
];

const SHAPE: ChatShape = {
  authorise: ({ keys }) => ({ ...bearer(keys.apiKey), ...(keys.appId ? { appid: keys.appId } : {}) }),
  // Pictures and videos only: Qianfan's models do not listen, nor read documents.
  accepts: (media) => (media.kind === 'image' || media.kind === 'video') && hasPlaceFor(media),
  changeBody,
  readChunk: readErnieChunk,
  classify,
};

/** A model on Baidu's Qianfan, version 2: OpenAI's chat completions with ranges, limits and a safety check of its own. */
export function ernie(options: RemoteOptions): LanguageModel {
  return openAi(options, SHAPE);
}

function changeBody(draft: BodyDraft): void {
  const { request, options } = draft;
  if (options.model.startsWith('ernie-')) for (const field of NOT_ERNIES) draft.leaveOut(field);
  // 0 means as little chance as there can be, and this is it.
  if (request.temperature === 0) draft.body.temperature = TEMPERATURE.min;
  else if (request.temperature !== undefined) {
    draft.change('temperature', Math.min(TEMPERATURE.max, Math.max(TEMPERATURE.min, request.temperature)));
  }
  if (request.topP !== undefined) draft.change('top_p', Math.min(1, Math.max(0, request.topP)));
  placeFps(draft);
}

/** `fps` of the request, how many frames a second of a video are looked at, goes to where Qianfan has it: into each video. */
function placeFps({ body, leaveOut, change }: BodyDraft): void {
  if (body.fps === undefined) return;
  const wanted = typeof body.fps === 'number' ? body.fps : Number.NaN;
  const videos = (body.messages as { content?: unknown }[])
    .flatMap(({ content }) => (Array.isArray(content) ? content : []))
    .filter((part) => part.type === 'video_url');
  if (!Number.isFinite(wanted) || videos.length === 0) {
    leaveOut('fps');
    return;
  }
  const fps = Math.min(FPS.max, Math.max(FPS.min, wanted));
  change('fps', fps);
  delete body.fps;
  for (const video of videos) video.video_url.fps = fps;
}
