import { createHash } from 'node:crypto';
import { httpCase } from '../cases.ts';
import { json, type Reply } from '../reply.ts';
import { check, type Request } from '../server.ts';
import { checkField, mustHaveKey, NEVER_RETRY, REFUSALS } from './key.ts';

const MOST_INPUTS = 2048;
const MOST_DIMENSIONS = 3072;

/** `POST /embeddings`: checks the request and gives each text a vector of its own, as numbers or as base64 float32. */
export function embed(request: Request): Reply {
  mustHaveKey(request);
  check(request.headers['content-type'] === 'application/json', 'content-type');
  const body = request.json();
  const known = ['input', 'model', 'encoding_format', 'dimensions', 'user'];
  for (const name of Object.keys(body)) checkField(known.includes(name), name, 'unknown parameter');
  const { model, encoding_format: format = 'float', dimensions = 8 } = body;
  checkField(typeof model === 'string' && model !== '', 'model', 'missing');
  checkField(format === 'float' || format === 'base64', 'encoding_format', 'neither float nor base64');
  checkField(
    Number.isInteger(dimensions) && Number(dimensions) >= 1 && Number(dimensions) <= MOST_DIMENSIONS,
    'dimensions',
    'out of range',
  );
  const inputs = inputsOf(body.input);
  checkField(inputs.length >= 1 && inputs.length <= MOST_INPUTS, 'input', 'none, or more than 2048');
  if (request.play === 'never-retry') return NEVER_RETRY;
  const failure = httpCase(request.play, json({}), REFUSALS);
  if (failure) return failure;
  const data = inputs.map((input, index) => {
    const vector = vectorOf(input, Number(dimensions));
    return { object: 'embedding', index, embedding: format === 'base64' ? base64Of(vector) : [...vector] };
  });
  const tokens = inputs.reduce((sum, input) => sum + Math.ceil(input.length / 4), 0);
  return json({ object: 'list', data, model, usage: { prompt_tokens: tokens, total_tokens: tokens } });
}

/** A text, texts, a text as tokens, or texts as tokens. */
function inputsOf(input: unknown): string[] {
  const list = typeof input === 'string' || isTokens(input) ? [input] : Array.isArray(input) ? input : [];
  for (const one of list)
    checkField((typeof one === 'string' && one !== '') || isTokens(one), 'input', 'empty, or of another type');
  return list.map(String);
}

function isTokens(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every((token) => Number.isInteger(token) && token >= 0);
}

/** The same text has the same vector, of length 1. */
function vectorOf(text: string, dimensions: number): Float32Array {
  const vector = Float32Array.from({ length: dimensions }, (_, at) => {
    return createHash('sha256').update(`${at} ${text}`).digest().readInt16LE(0) / 32_768;
  });
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

function base64Of(vector: Float32Array): string {
  const bytes = Buffer.alloc(vector.length * 4);
  for (const [at, value] of vector.entries()) bytes.writeFloatLE(value, at * 4);
  return bytes.toString('base64');
}
