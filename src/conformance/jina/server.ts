import { HTTP_CASES, httpCase, type Refusals } from '../cases.ts';
import { pictureBytes } from '../embeddings/pictures.ts';
import { spoilt, VECTOR_CASES, vectorFor } from '../embeddings/vectors.ts';
import { json, type Reply } from '../reply.ts';
import { isObject } from '../self-hosted/checks.ts';
import { type ConformanceServer, check, type Request } from '../server.ts';

/** A made-up key. */
export const JINA_TEST_KEY = 'opaque/jina.0123456789';

const refuse = (status: number, detail: string): Reply => json({ detail }, status);
const REFUSALS: Refusals = {
  badKey: refuse(401, `The API key you provided (${JINA_TEST_KEY}) is invalid.`),
  rateLimited: refuse(429, 'Rate limit exceeded, try again later.'),
  quotaSpent: refuse(402, 'Account balance not enough to run this query, please recharge.'),
  filteredInput: refuse(400, 'The input was refused.'),
  filteredOutput: '',
  failedMidway: '',
};
const DIMENSIONS: Readonly<Record<string, number>> = {
  'jina-embeddings-v4': 2048,
  'jina-embeddings-v3': 1024,
  'jina-clip-v2': 1024,
};
const TASKS: Readonly<Record<string, readonly string[]>> = {
  'jina-embeddings-v4': ['retrieval.query', 'retrieval.passage', 'text-matching', 'code.query', 'code.passage'],
  'jina-embeddings-v3': ['retrieval.query', 'retrieval.passage', 'text-matching', 'classification', 'separation'],
  'jina-clip-v2': ['retrieval.query'],
};
const FIELDS = ['model', 'input', 'task', 'normalized', 'embedding_type', 'dimensions', 'truncate', 'late_chunking'];
const PICTURE = { mostBytes: 5_000_000, mostPixels: 4_000_000 };
const MOST_LETTERS = 40_000;

/** Source: api.jina.ai/redoc (embeddings) and Jina’s model pages. */
function embed(request: Request): Reply {
  check(request.headers.authorization === `Bearer ${JINA_TEST_KEY}`, 'authorization', REFUSALS.badKey);
  check(request.headers['content-type'] === 'application/json', 'content-type');
  const body = request.json();
  for (const name of Object.keys(body)) check(FIELDS.includes(name), `${name}: unknown`);
  const { model, input, task, embedding_type: type = 'float' } = body;
  const name = String(model);
  check(Object.hasOwn(DIMENSIONS, name), 'model', refuse(404, `Model ${name} not found.`));
  check(task === undefined || TASKS[name]?.includes(String(task)), `task ${String(task)}`);
  check(type === 'float', 'embedding_type');
  check(Array.isArray(input) && input.length > 0 && input.length <= 512, 'input');
  const failure = httpCase(request.play, json({}), REFUSALS);
  if (failure) return failure;
  const parts = input.map((item: unknown) => partOf(item, name));
  const tooLong = parts.some((part) => typeof part === 'string' && part.length > MOST_LETTERS);
  if (tooLong) return refuse(400, 'Input text exceeds maximum length of 8192 tokens: input is too long.');
  const vectors = parts.map((part) => vectorFor(part, DIMENSIONS[name] ?? 8));
  const tokens = parts.reduce((sum, part) => sum + (typeof part === 'string' ? Math.ceil(part.length / 4) : 4000), 0);
  return json({
    model,
    object: 'list',
    ...(request.play === 'no-usage' ? {} : { usage: { total_tokens: tokens, prompt_tokens: tokens } }),
    data: spoilt(request.play, vectors).map((entry) => ({ object: 'embedding', ...entry })),
  });
}

function partOf(item: unknown, model: string): string | Buffer {
  if (typeof item === 'string') return item;
  check(isObject(item) && Object.keys(item).length === 1, 'an input that is neither {text} nor {image}');
  if (typeof item.text === 'string') {
    check(item.text !== '', 'input: empty');
    return item.text;
  }
  check(model !== 'jina-embeddings-v3', 'a picture for a model of texts');
  return pictureBytes(item.image, 'image', PICTURE);
}

export const jinaConformance: ConformanceServer = {
  name: 'jina',
  about: 'Jina AI’s embeddings of texts and pictures',
  cases: { ...HTTP_CASES, ...VECTOR_CASES },
  configure: (origin) => ({ providers: { jina: { baseUrl: `${origin}/v1`, apiKey: JINA_TEST_KEY } } }),
  routes: { 'POST /v1/embeddings': embed },
};
