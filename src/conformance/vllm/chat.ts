import { HTTP_CASES, httpCase } from '../cases.ts';
import { VECTOR_CASES } from '../embeddings/vectors.ts';
import { json, type Reply } from '../reply.ts';
import { line, type Refuse, refusalsOf, streamed, whole } from '../self-hosted/answers.ts';
import { checkBase64, checkDataUrl, isObject, mediaOf, messagesOf } from '../self-hosted/checks.ts';
import { type ConformanceServer, check, type Request, type Running } from '../server.ts';
import { embedding } from './embeddings.ts';
import { completions, EMBEDS_CASES, promptEmbedsIn, Refusal, version } from './prompt-embeds.ts';

/** A made-up key. */
export const VLLM_TEST_KEY = 'opaque/vllm.0123456789';

const MODEL = 'Qwen/Qwen2.5-VL-7B-Instruct';
const MOST_IMAGES = 2;

/** vLLM's envelope: `code` is a number. */
const refuse: Refuse = (status, message, type) => json({ error: { message, type, param: null, code: status } }, status);
const failure = line({
  error: { message: 'EngineCore died.', type: 'InternalServerError', param: null, code: 500 },
});
export const VLLM_REFUSALS = refusalsOf(refuse, json({ error: 'Unauthorized' }, 401), failure);

const OWN_CASES = {
  'legacy-error': 'L3: the flat error of older builds',
  'invalid-list': 'L8: 422 with a list of faults',
  'media-unreachable': 'L0: 500 because a medium could not be fetched',
  'unknown-part': 'L0: 501 for a kind of part this build does not know',
  'continuous-usage': 'L6: usage on every chunk',
  'unknown-model': 'a model that is not served',
};

/** The bytes each cache id stood for. */
const cached = new WeakMap<Running, Map<string, string>>();

/** Checks media as vLLM takes them, and keeps them under their ids. Source: vLLM's multimodal_inputs.md, chat_utils.py (0046f77). */
export function checkMedia(parts: ReturnType<typeof mediaOf>, server: Running): void {
  const kept = cached.get(server) ?? new Map<string, string>();
  cached.set(server, kept);
  for (const part of parts) {
    const { type, uuid } = part;
    const unknown = refuse(501, `Unknown part type: ${String(type)}`, 'NotImplementedError');
    check(
      ['image_url', 'video_url', 'audio_url', 'input_audio'].includes(String(type)),
      `part ${String(type)}`,
      unknown,
    );
    const medium = part[String(type)];
    check(uuid === undefined || (typeof uuid === 'string' && uuid !== ''), 'uuid');
    if (medium === null) {
      const miss = refuse(400, 'Media with this UUID is not in the cache.', 'BadRequestError');
      check(typeof uuid === 'string' && kept.has(uuid), 'a cache id nobody has sent media for', miss);
      continue;
    }
    if (type === 'input_audio') {
      check(isObject(medium) && ['wav', 'mp3'].includes(String(medium.format)), 'input_audio.format');
      checkBase64(medium.data, 'input_audio.data');
    } else {
      // A plain string stands for `{url}`.
      checkDataUrl(isObject(medium) ? medium.url : medium, String(type).slice(0, -'_url'.length));
    }
    if (typeof uuid !== 'string') continue;
    const bytes = JSON.stringify(medium);
    check((kept.get(uuid) ?? bytes) === bytes, 'one cache id for two media');
    kept.set(uuid, bytes);
  }
}

/** What stands before every answer: the key, and refusals that are nobody's slip. */
function guarded(answer: (request: Request, server: Running) => Reply): typeof answer {
  return (request, server) => {
    check(request.headers.authorization === `Bearer ${VLLM_TEST_KEY}`, 'authorization', VLLM_REFUSALS.badKey);
    check(request.headers['content-type'] === 'application/json', 'content-type');
    try {
      return answer(request, server);
    } catch (error) {
      if (error instanceof Refusal) return error.reply;
      throw error;
    }
  };
}

function answer(request: Request, server: Running): Reply {
  const body = request.json();
  const { model, stream, stream_options } = body;
  const parts = mediaOf(messagesOf(body));
  const media = parts.filter(({ type }) => type !== 'prompt_embeds');
  for (const part of parts) if (!media.includes(part)) promptEmbedsIn(part.data, request.play);
  checkMedia(media, server);
  const images = media.filter(({ type }) => type === 'image_url').length;
  if (images > MOST_IMAGES) return tooManyImages(server);
  check(typeof model === 'string' && model !== '', 'model');
  check(stream_options === undefined || stream === true, 'stream_options without stream');
  return special(request, model) ?? (stream === true ? streamed(model) : whole(model));
}

function tooManyImages(server: Running): Reply {
  const most = `At most ${MOST_IMAGES} image(s) may be provided in one prompt.`;
  if (server.switchedOn.has('no-parameter')) return refuse(400, most, 'BadRequestError');
  const message = `${most} Set \`--limit-mm-per-prompt\` to increase this limit. (parameter=image)`;
  return json({ error: { message, type: 'BadRequestError', param: 'image', code: 400 } }, 400);
}

function special({ play }: Request, model: string): Reply | null {
  switch (play) {
    case 'legacy-error':
      return json(
        { object: 'error', message: 'The prompt is wrong.', type: 'BadRequestError', param: null, code: 400 },
        400,
      );
    case 'invalid-list':
      return json({ detail: [{ loc: ['body', 'messages', 0], msg: 'Field required', type: 'missing' }] }, 422);
    case 'media-unreachable':
      return refuse(500, 'Internal server error', 'InternalServerError');
    case 'unknown-part':
      return refuse(501, 'Unknown part type: video_url', 'NotImplementedError');
    case 'continuous-usage':
      return streamed(model, { each: true });
    case 'unknown-model':
      return refuse(404, `The model \`${model}\` does not exist.`, 'NotFoundError');
    default:
      return httpCase(play, streamed(model), VLLM_REFUSALS);
  }
}

const models = (): Reply =>
  json({
    object: 'list',
    data: [{ id: MODEL, object: 'model', owned_by: 'vllm', root: MODEL, parent: null, max_model_len: 32_768 }],
  });

export const vllmConformance: ConformanceServer = {
  name: 'vllm',
  about: 'vLLM’s chat completions, with its parts, cache ids and errors; prompts of vectors',
  cases: { ...HTTP_CASES, ...VECTOR_CASES, ...OWN_CASES, ...EMBEDS_CASES },
  switches: { 'no-parameter': 'too many media: older builds do not name the parameter' },
  configure: (origin) => ({ providers: { vllm: { baseUrl: `${origin}/v1`, apiKey: VLLM_TEST_KEY } } }),
  routes: {
    'POST /v1/chat/completions': guarded(answer),
    'POST /v1/completions': guarded(completions),
    'POST /v1/embeddings': embedding(checkMedia, { key: VLLM_TEST_KEY, refusals: VLLM_REFUSALS }),
    'GET /v1/models': models,
    'GET /version': version,
  },
};
