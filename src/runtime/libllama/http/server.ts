import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isSensoriumError } from '#contract/error.ts';
import type { Opened } from '../open.ts';
import { readBody } from './body.ts';
import { chat } from './chat.ts';
import { completions } from './completions.ts';
import { badField, Refusal, sendError } from './refusal.ts';
import { replyTo } from './reply.ts';

/** Where the engine answers on this machine, and what opens it. */
export interface EngineAddress {
  readonly port: number;
  readonly token: string;
  /** The model's name there. */
  readonly model: string;
}

export interface EngineServer {
  /** The model's name in requests and answers. */
  readonly model: string;
  /** Does something with the engine when nobody else does. */
  use<T>(work: (opened: Opened, signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T>;
}

const HEAD_TIMEOUT_MS = 10_000;
const BODY_TIMEOUT_MS = 60_000;
const MOST_CONNECTIONS = 64;

/** Serves the engine in vLLM's shapes on this machine alone, at a port the system chooses, to whoever has the token. */
export async function serveEngine(engine: EngineServer): Promise<EngineAddress> {
  const token = randomBytes(24).toString('base64url');
  const server = createServer((request, response) => {
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    answer(request, response, engine, token, gone.signal).catch((error) => {
      if (!isSensoriumError(error) || error.code !== 'kit.cancelled') sendError(response, error);
      else response.destroy();
    });
  });
  server.headersTimeout = HEAD_TIMEOUT_MS;
  server.requestTimeout = BODY_TIMEOUT_MS;
  server.maxConnections = MOST_CONNECTIONS;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, token, model: engine.model };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { model, use }: EngineServer,
  token: string,
  signal: AbortSignal,
): Promise<void> {
  const path = (request.url ?? '').split('?', 1)[0];
  const tell = (json: object) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(json));
  };
  if (path === '/health') return void response.writeHead(200).end();
  mustHaveToken(request.headers.authorization, token);
  if (path === '/v1/models') {
    const contextTokens = await use(async ({ engine }) => engine.model.contextTokens, signal);
    return tell({
      object: 'list',
      data: [{ id: model, object: 'model', owned_by: 'sensorium', max_model_len: contextTokens }],
    });
  }
  const ask = path === '/v1/completions' ? completions : path === '/v1/chat/completions' ? chat : null;
  if (ask === null && path !== '/tokenize') throw new Refusal(404, 'Not Found');
  if (request.method !== 'POST') throw new Refusal(405, 'Method Not Allowed');
  const body = await readBody(request);
  if (body.model !== undefined && body.model !== model) {
    throw new Refusal(404, `The model \`${String(body.model).slice(0, 200)}\` does not exist.`, 'model');
  }
  await use(async (opened) => {
    if (ask) return ask(body, model, opened, replyTo(body, response, signal), signal);
    if (typeof body.prompt !== 'string') throw badField('prompt', 'must be a text.');
    const ends = body.add_special_tokens !== false;
    const tokens = opened.engine.words.tokens(body.prompt, { ends, marks: true });
    return tell({ tokens, count: tokens.length, max_model_len: opened.engine.model.contextTokens });
  }, signal);
}

function mustHaveToken(header: string | undefined, token: string): void {
  const given = Buffer.from(header ?? '');
  const right = Buffer.from(`Bearer ${token}`);
  if (given.length === right.length && timingSafeEqual(given, right)) return;
  throw new Refusal(401, 'Unauthorized');
}
