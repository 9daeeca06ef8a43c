import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DONE, delta, happy, refusal, sse, whole } from '../../src/ask/dialects/openai/__fixtures__/streams.ts';
import type { Failure } from './cases.ts';
import { base64Of, type Sample } from './samples.ts';
import { SECRETS } from './secrets.ts';

/** A server on this machine: files to fetch, and a model behind OpenAI's API that fails as it is told. */
export interface Upstream {
  readonly url: string;
  /** How the model of this name is to behave. */
  readonly behaviours: Map<string, Failure>;
  /** The last body the model of this name was sent. */
  readonly bodies: Map<string, Record<string, unknown>>;
  close(): Promise<void>;
}

export async function startUpstream(): Promise<Upstream> {
  const behaviours = new Map<string, Failure>();
  const bodies = new Map<string, Record<string, unknown>>();
  const server = createServer(async (request, response) => {
    if (request.method === 'GET') return serveFile(request.url ?? '', response);
    const text = await readAll(request).catch(() => null);
    // Whoever leaves while he sends is answered nothing.
    if (text === null) return;
    const body = JSON.parse(text) as Record<string, unknown>;
    const model = String(body.model);
    bodies.set(model, body);
    answer(behaviours.get(model) ?? 'none', body, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    behaviours,
    bodies,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function serveFile(path: string, response: ServerResponse): void {
  const [sample, number] = path.split('?')[0]?.split('/').slice(1) ?? [];
  if (sample === 'never') return;
  if (sample === undefined || sample === 'not-there') response.writeHead(404).end();
  else response.end(Buffer.from(base64Of(sample as Sample, Number(number)), 'base64'));
}

function answer(failure: Failure, body: Record<string, unknown>, response: ServerResponse): void {
  const json = { 'content-type': 'application/json' };
  const refuse = (status: number, message: string, code?: string) =>
    response.writeHead(status, json).end(refusal(message, code));
  switch (failure) {
    case 'ask: upstream 401':
      return void refuse(401, `Incorrect API key provided: ${SECRETS.upstreamKey}`, 'invalid_api_key');
    case 'ask: upstream 429':
      return void refuse(429, 'Too many requests', 'rate_limit_exceeded');
    case 'ask: upstream 400':
      return void refuse(400, 'It is against our policy.');
    case 'ask: upstream refuses an option': {
      const named = ['seed', 'tools', 'logprobs', 'top_k', 'response_format', 'user'].find(
        (name) => body[name] !== undefined,
      );
      if (named) return void refuse(400, `Unsupported parameter: '${named}'`);
      break;
    }
    case 'ask: upstream cut':
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(sse([delta('I ')]), () => response.socket?.resetAndDestroy());
      return;
    case 'ask: upstream error in stream':
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(sse([delta('I '), { error: { message: 'overloaded', code: 'server_error' } }]) + DONE);
      return;
    default:
  }
  const text = 'Yes. That it is.';
  const finish = Number(body.max_tokens ?? 500) < 4 ? 'length' : 'stop';
  if (body.stream === true) response.writeHead(200, { 'content-type': 'text/event-stream' }).end(happy(text, finish));
  else response.writeHead(200, json).end(whole(text).replace('"stop"', `"${finish}"`));
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
