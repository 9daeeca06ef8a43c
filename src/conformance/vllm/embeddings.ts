import { httpCase, type Refusals } from '../cases.ts';
import { spoilt, vectorFor } from '../embeddings/vectors.ts';
import { json, type Reply } from '../reply.ts';
import { mediaOf, messagesOf } from '../self-hosted/checks.ts';
import { check, type Request, type Running } from '../server.ts';

const DIMENSIONS = 1536;
const MODEL = /^(?:[\w.-]+\/)?[\w.-]+$/;

/**
 * `POST /v1/embeddings` of a pooling model: `input`, or chat `messages` of which the whole conversation has one vector. Sources: vLLM’s
 * “Pooling models” page; `pooling/embed/protocol.py` (v0.14).
 */
export function embedding(
  checkMedia: (parts: ReturnType<typeof mediaOf>, server: Running) => void,
  { key, refusals }: { readonly key: string; readonly refusals: Refusals },
): (request: Request, server: Running) => Reply {
  return (request, server) => {
    check(request.headers.authorization === `Bearer ${key}`, 'authorization', refusals.badKey);
    check(request.headers['content-type'] === 'application/json', 'content-type');
    const body = request.json();
    const { model, input, messages, encoding_format: format = 'float' } = body;
    check(typeof model === 'string' && MODEL.test(model), 'model');
    check(format === 'float' || format === 'base64', 'encoding_format');
    check((input === undefined) !== (messages === undefined), 'input and messages: one of both');
    const failure = httpCase(request.play, json({}), refusals);
    if (failure) return failure;
    const read = messages === undefined ? textsIn(input) : [conversationIn(body, server, checkMedia)];
    const vectors = read.map((text) => vectorFor(text, DIMENSIONS));
    const data = spoilt(request.play, vectors).map((entry) => ({ object: 'embedding', ...entry }));
    const prompt_tokens = Math.ceil(read.join('').length / 4);
    return json({
      id: 'embd-1',
      object: 'list',
      created: 1_790_000_000,
      model,
      data,
      ...(request.play === 'no-usage'
        ? {}
        : { usage: { prompt_tokens, total_tokens: prompt_tokens, completion_tokens: 0, prompt_tokens_details: null } }),
    });
  };
}

function textsIn(input: unknown): string[] {
  const texts = [input].flat();
  for (const text of texts) check(typeof text === 'string', 'input: not a text');
  check(texts.length > 0, 'input');
  return texts.map(String);
}

function conversationIn(
  body: Record<string, unknown>,
  server: Running,
  checkMedia: (parts: ReturnType<typeof mediaOf>, server: Running) => void,
): string {
  const messages = messagesOf(body);
  checkMedia(mediaOf(messages), server);
  return JSON.stringify(messages);
}
