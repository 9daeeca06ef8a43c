import { HTTP_CASES, httpCase } from '../cases.ts';
import { json, type Reply } from '../reply.ts';
import { line, type Refuse, refusalsOf, streamed, whole } from '../self-hosted/answers.ts';
import { checkBase64, checkDataUrl, isObject, mediaOf, messagesOf } from '../self-hosted/checks.ts';
import { type ConformanceServer, check, type Request, type Running } from '../server.ts';

/** A made-up key. */
export const LLAMA_SERVER_TEST_KEY = 'opaque/llama.0123456789';

const refuse: Refuse = (status, message, type) => json({ error: { code: status, message, type } }, status);
const REFUSALS = refusalsOf(
  refuse,
  refuse(401, 'Invalid API Key', 'authentication_error'),
  line({ error: { code: 500, message: 'decoding failed', type: 'server_error' } }),
);
const LOADING = refuse(503, 'Loading model', 'unavailable_error');
const TIMINGS = { timings: { prompt_n: 21, prompt_ms: 40.1, predicted_n: 9, predicted_ms: 90.2 } };

const mustKnow = (request: Request) =>
  check(request.headers.authorization === `Bearer ${LLAMA_SERVER_TEST_KEY}`, 'authorization', REFUSALS.badKey);

/** What the projector it was started with can do. */
function modalitiesOf({ switchedOn }: Running) {
  return { vision: !switchedOn.has('no-projector'), audio: switchedOn.has('hears') };
}

function props(request: Request, server: Running): Reply {
  mustKnow(request);
  if (request.play === 'loading') return LOADING;
  if (server.switchedOn.has('no-modalities')) return json({ total_slots: 1, model_path: 'model.gguf' });
  return json({ total_slots: 1, model_path: 'model.gguf', modalities: modalitiesOf(server) });
}

function answer(request: Request, server: Running): Reply {
  mustKnow(request);
  const body = request.json();
  const { vision, audio } = modalitiesOf(server);
  for (const part of mediaOf(messagesOf(body))) {
    const { type } = part;
    const medium = part[String(type)];
    check(isObject(medium), `part ${String(type)}`);
    if (type === 'image_url') {
      if (!vision) return noProjector('image input is not supported');
      checkDataUrl(medium.url, 'image');
    } else {
      check(type === 'input_audio' || type === 'input_video', `part ${String(type)}`);
      if (type === 'input_audio' && !audio) return noProjector('audio input is not supported');
      checkBase64(medium.data, `${type}.data`);
    }
  }
  const { model, stream } = body;
  check(typeof model === 'string' && model !== '', 'model');
  const good = streamed(model, { more: TIMINGS });
  switch (request.play) {
    case 'loading':
      return LOADING;
    case 'too-long':
      return json(
        {
          error: {
            code: 400,
            message: 'the request exceeds the available context size',
            type: 'exceed_context_size_error',
            n_prompt_tokens: 9000,
            n_ctx: 4096,
          },
        },
        400,
      );
    default:
      return httpCase(request.play, good, REFUSALS) ?? (stream === true ? good : whole(model, TIMINGS));
  }
}

const noProjector = (message: string): Reply =>
  refuse(501, `${message} - hint: if this is unexpected, you may need to provide the mmproj`, 'not_supported_error');

/** llama.cpp's server. Source: tools/server/README.md; the body of its 401 is not verified. */
export const llamaServerConformance: ConformanceServer = {
  name: 'llama-server',
  about: 'llama.cpp’s server, which says what its projector takes',
  cases: {
    ...HTTP_CASES,
    loading: 'C1: 503 while the model is loaded',
    'too-long': 'a question beyond the context, with the figures',
  },
  switches: {
    'no-projector': 'C2: it was started without --mmproj',
    hears: 'its projector takes sound',
    'no-modalities': 'an older build, whose /props does not speak of modalities',
  },
  configure: (origin) => ({
    providers: { 'llama-server': { baseUrl: `${origin}/v1`, apiKey: LLAMA_SERVER_TEST_KEY } },
  }),
  routes: { 'POST /v1/chat/completions': answer, 'GET /props': props },
};
