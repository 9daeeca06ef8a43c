import { httpCase } from '../cases.ts';
import { pictureIn } from '../embeddings/pictures.ts';
import { spoilt, vectorFor } from '../embeddings/vectors.ts';
import { json, type Reply } from '../reply.ts';
import { isObject } from '../self-hosted/checks.ts';
import { check, type Request } from '../server.ts';
import { COMPAT_REFUSALS, NATIVE_REFUSALS, nativeRefusal, QWEN_TEST_KEY, qwenRefusal } from './refusals.ts';

const DIMENSIONS: Readonly<Record<string, number>> = {
  'multimodal-embedding-v1': 1024,
  'tongyi-embedding-vision-plus': 1152,
  'tongyi-embedding-vision-flash': 768,
  'qwen3-vl-embedding': 2560,
  'text-embedding-v4': 1024,
};
const MOST_CONTENTS = 20;
const MOST_PICTURES = 8;
const MOST_ROWS = 10;
const MOST_LETTERS = 4_096;
const PICTURE = { kinds: /^(?:jpeg|jpg|png|bmp)$/, mostBytes: 3_000_000, mostPixels: 100_000_000 };

const bad = (message: string) => nativeRefusal(400, 'InvalidParameter', message);

/** The native address. A `qwen…-vl-embedding` makes one vector of all contents. Source: Model Studio, multimodal embedding API (2026-02-05). */
export function embedContents(request: Request): Reply {
  check(request.headers.authorization === `Bearer ${QWEN_TEST_KEY}`, 'authorization', NATIVE_REFUSALS.badKey);
  check(request.headers['content-type'] === 'application/json', 'content-type');
  const { model, input } = request.json();
  const name = String(model);
  check(Object.hasOwn(DIMENSIONS, name), 'model', nativeRefusal(404, 'ModelNotFound', `Model not exist: ${name}.`));
  const contents = isObject(input) ? input.contents : null;
  check(
    Array.isArray(contents) && contents.length > 0 && contents.length <= MOST_CONTENTS,
    'contents',
    bad('contents'),
  );
  const refusal = qwenRefusal(request.play, true) ?? httpCase(request.play, json({}), NATIVE_REFUSALS);
  if (refusal) return refusal;
  const parts = contents.map((content: unknown): readonly [string, Buffer] => {
    check(isObject(content) && Object.keys(content).length === 1, 'a content of several kinds', bad('contents'));
    if (typeof content.text === 'string' && content.text !== '') return ['text', Buffer.from(content.text)];
    return ['image', pictureIn(content.image, 'image', PICTURE, bad('The image is not supported.'))];
  });
  const pictures = parts.filter(([kind]) => kind === 'image').length;
  check(pictures <= MOST_PICTURES, 'too many pictures', bad('At most 8 images.'));
  if (parts.some(([kind, bytes]) => kind === 'text' && bytes.length > MOST_LETTERS)) {
    return bad('Range of input length should be [1, 1024].');
  }
  const fused = /^qwen.*-vl-embedding/.test(name);
  const read = fused ? [['vl', Buffer.concat(parts.map(([, bytes]) => bytes))] as const] : parts;
  const vectors = read.map(([, bytes]) => vectorFor(bytes, DIMENSIONS[name] ?? 8));
  const embeddings = spoilt(request.play, vectors).map((entry, at) => ({ ...entry, type: read[at]?.[0] }));
  const usage = {
    input_tokens: parts.length * 5,
    image_tokens: pictures * 896,
    total_tokens: parts.length * 5 + pictures * 896,
  };
  return json({
    output: { embeddings },
    request_id: '1fff9502-a6c5-9472-9ee1-73930fdd04c5',
    ...(request.play === 'no-usage' ? {} : { usage }),
  });
}

/** The compatible address, for models of texts: at most ten rows. */
export function embedRows(request: Request): Reply {
  check(request.headers.authorization === `Bearer ${QWEN_TEST_KEY}`, 'authorization', COMPAT_REFUSALS.badKey);
  const { model, input, encoding_format: format } = request.json();
  check(/^text-embedding-v\d$/.test(String(model)), 'model');
  check(format === undefined || format === 'float', 'encoding_format');
  check(Array.isArray(input) && input.length > 0 && input.length <= MOST_ROWS, 'input: more than ten rows');
  for (const text of input) check(typeof text === 'string' && text !== '', 'input');
  const refusal = qwenRefusal(request.play, false) ?? httpCase(request.play, json({}), COMPAT_REFUSALS);
  if (refusal) return refusal;
  const vectors = input.map((text: string) => vectorFor(text, DIMENSIONS['text-embedding-v4'] ?? 8));
  const data = spoilt(request.play, vectors).map((entry) => ({ object: 'embedding', ...entry }));
  const tokens = input.length * 3;
  return json({ object: 'list', data, model, usage: { prompt_tokens: tokens, total_tokens: tokens } });
}
