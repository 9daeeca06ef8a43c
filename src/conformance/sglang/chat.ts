import { HTTP_CASES, httpCase } from '../cases.ts';
import { json, type Reply } from '../reply.ts';
import { line, type Refuse, refusalsOf, streamed, USAGE, whole } from '../self-hosted/answers.ts';
import { checkDataUrl, isObject, mediaOf, messagesOf } from '../self-hosted/checks.ts';
import { type ConformanceServer, check, type Request } from '../server.ts';
import { generate, INPUT_EMBEDS_CASES, serverInfo } from './input-embeds.ts';

/** A made-up key. */
export const SGLANG_TEST_KEY = 'opaque/sglang.0123456789';

/** SGLang's errors have no envelope. */
const flat = (code: number, message: string, type: string) => ({ object: 'error', message, type, param: null, code });
const refuse: Refuse = (status, message, type) => json(flat(status, message, type), status);
const REFUSALS = refusalsOf(
  refuse,
  refuse(401, 'Unauthorized', 'authentication_error'),
  line({ error: flat(500, 'The scheduler failed.', 'InternalServerError') }),
);

const FIGURES = { ...USAGE, reasoning_tokens: 0, prompt_tokens_details: { audio_tokens: 5, image_tokens: 0 } };

function answer(request: Request): Reply {
  check(request.headers.authorization === `Bearer ${SGLANG_TEST_KEY}`, 'authorization', REFUSALS.badKey);
  const body = request.json();
  for (const part of mediaOf(messagesOf(body))) {
    const { type } = part;
    const unknown = refuse(400, `Invalid content type: ${String(type)}`, 'BadRequestError');
    check(['image_url', 'video_url', 'audio_url'].includes(String(type)), `part ${String(type)}`, unknown);
    const medium = part[String(type)];
    check(isObject(medium), `${String(type)} that is no object`);
    checkDataUrl(medium.url, String(type).slice(0, -'_url'.length));
  }
  const { model, stream } = body;
  check(typeof model === 'string' && model !== '', 'model');
  const good = streamed(model, { usage: FIGURES });
  switch (request.play) {
    case 'aborted':
      return streamed(model, { end: 'abort' });
    case 'flat-error-midway':
      return {
        ...good,
        pieces: [...good.pieces.slice(0, 3), line(flat(500, 'Out of memory.', 'InternalServerError'))],
      };
    case 'too-long':
      return refuse(400, 'The input is longer than the model’s context length (8192 tokens).', 'BadRequestError');
    default:
      return httpCase(request.play, good, REFUSALS) ?? (stream === true ? good : whole(model));
  }
}

/** SGLang. Source: python/sglang/srt/entrypoints/openai/protocol.py. */
export const sglangConformance: ConformanceServer = {
  name: 'sglang',
  about: 'SGLang’s chat completions, with sound by data URL and flat errors; its own /generate with vectors',
  cases: {
    ...HTTP_CASES,
    ...INPUT_EMBEDS_CASES,
    aborted: 'Z3: the answer ends with abort',
    'flat-error-midway': 'Z2: the flat error as a line of a stream',
    'too-long': 'Z2: the flat error for a question that is too long',
  },
  configure: (origin) => ({ providers: { sglang: { baseUrl: `${origin}/v1`, apiKey: SGLANG_TEST_KEY } } }),
  routes: {
    'POST /v1/chat/completions': answer,
    'POST /generate': (request) => {
      check(request.headers.authorization === `Bearer ${SGLANG_TEST_KEY}`, 'authorization', REFUSALS.badKey);
      return generate(request);
    },
    'GET /server_info': serverInfo,
  },
};
