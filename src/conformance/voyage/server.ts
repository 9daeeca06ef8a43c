import { HTTP_CASES, httpCase, type Refusals } from '../cases.ts';
import { pictureIn } from '../embeddings/pictures.ts';
import { spoilt, VECTOR_CASES, vectorFor } from '../embeddings/vectors.ts';
import { json, type Reply } from '../reply.ts';
import { isObject } from '../self-hosted/checks.ts';
import { type ConformanceServer, check, type Request } from '../server.ts';

/** A made-up key. */
export const VOYAGE_TEST_KEY = 'opaque/voyage.0123456789';

const refuse = (status: number, detail: string): Reply => json({ detail }, status);
const REFUSALS: Refusals = {
  badKey: refuse(401, `Provided API key ${VOYAGE_TEST_KEY} is invalid.`),
  rateLimited: refuse(429, 'You have exceeded the rate limit.'),
  quotaSpent: refuse(402, 'Please add a payment method: billing.'),
  filteredInput: refuse(400, 'The input was refused.'),
  filteredOutput: '',
  failedMidway: '',
};
const DIMENSIONS = 1024;
const MOST_INPUTS = 1_000;
const MOST_LETTERS = 128_000;
const PICTURE = { kinds: /^(?:png|jpeg|webp|gif)$/, mostBytes: 20_000_000, mostPixels: 16_000_000 };

function opened(request: Request, field: string): { readonly list: readonly unknown[]; readonly model: unknown } {
  check(request.headers.authorization === `Bearer ${VOYAGE_TEST_KEY}`, 'authorization', REFUSALS.badKey);
  check(request.headers['content-type'] === 'application/json', 'content-type');
  const body = request.json();
  const known = [field, 'model', 'input_type', 'truncation', 'output_encoding', 'output_dimension', 'encoding_format'];
  for (const name of Object.keys(body)) check(known.includes(name), `${name}: unknown`);
  check([undefined, null, 'query', 'document'].includes(body.input_type as string), 'input_type');
  check(typeof (body.truncation ?? true) === 'boolean', 'truncation');
  const list = body[field];
  check(Array.isArray(list) && list.length > 0 && list.length <= MOST_INPUTS, field);
  return { list, model: body.model };
}

/** Source: docs.voyageai.com/reference/multimodal-embeddings-api. */
function multimodal(request: Request): Reply {
  const { list, model } = opened(request, 'inputs');
  check(
    /^voyage-multimodal-3(?:\.5)?$/.test(String(model)),
    'model',
    refuse(400, `Model ${String(model)} is not supported.`),
  );
  const failure = httpCase(request.play, json({}), REFUSALS);
  if (failure) return failure;
  let [letters, pixels] = [0, 0];
  const vectors = list.map((input) => {
    check(isObject(input) && Array.isArray(input.content) && input.content.length > 0, 'content');
    const parts = input.content.map((part: unknown) => {
      check(isObject(part), 'a part of the content');
      if (part.type === 'text') {
        check(typeof part.text === 'string' && part.text !== '', 'text');
        letters += part.text.length;
        return Buffer.from(part.text);
      }
      check(part.type === 'image_base64', `part ${String(part.type)}`);
      pixels += 1;
      return pictureIn(part.image_base64, 'image_base64', PICTURE);
    });
    return vectorFor(Buffer.concat(parts), DIMENSIONS);
  });
  if (letters > MOST_LETTERS) return refuse(400, 'The request has too many tokens; the input is too long.');
  const text_tokens = Math.ceil(letters / 4);
  const usage = { text_tokens, image_pixels: pixels, total_tokens: text_tokens + pixels };
  return answer(request.play, vectors, model, usage);
}

function texts(request: Request): Reply {
  const { list, model } = opened(request, 'input');
  const failure = httpCase(request.play, json({}), REFUSALS);
  if (failure) return failure;
  for (const text of list) check(typeof text === 'string' && text !== '', 'input');
  const vectors = list.map((text) => vectorFor(String(text), DIMENSIONS));
  return answer(request.play, vectors, model, { total_tokens: list.length * 4 });
}

function answer(play: string, vectors: readonly (readonly number[])[], model: unknown, usage: object): Reply {
  const data = spoilt(play, vectors).map((entry) => ({ object: 'embedding', ...entry }));
  return json({ object: 'list', data, model, ...(play === 'no-usage' ? {} : { usage }) });
}

export const voyageConformance: ConformanceServer = {
  name: 'voyage',
  about: 'Voyage AI’s embeddings of texts and pictures',
  cases: { ...HTTP_CASES, ...VECTOR_CASES },
  configure: (origin) => ({ providers: { voyage: { baseUrl: `${origin}/v1`, apiKey: VOYAGE_TEST_KEY } } }),
  routes: { 'POST /v1/multimodalembeddings': multimodal, 'POST /v1/embeddings': texts },
};
