import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate } from 'node:timers/promises';

/** One request as it arrived. */
export interface Seen {
  readonly headers: IncomingMessage['headers'];
  readonly body: Record<string, unknown>;
}

/** What to answer: each of `pieces` leaves as a packet of its own. */
export interface Script {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly pieces: readonly (string | Uint8Array)[];
  /** After the pieces: a proper end, a torn connection, or silence. */
  readonly ending?: 'end' | 'reset' | 'silence';
}

export interface TestServer {
  readonly baseUrl: string;
  readonly seen: Seen[];
  /** Everything in the requests that OpenAI would not accept. */
  readonly faults: string[];
  /** Connections accepted so far, and those closed by the other side before the answer was over. */
  readonly connections: { accepted: number; leftEarly: number };
  close(): Promise<void>;
}

/** Of no form that is known for keys, so that only its being the key can hide it. */
export const KEY = 'opaque/0123456789.abcdef';

const FIELDS: Record<string, (value: unknown) => boolean> = {
  model: (value) => typeof value === 'string' && value !== '',
  messages: (value) => Array.isArray(value) && value.length > 0 && value.every(isMessage),
  stream: (value) => typeof value === 'boolean',
  top_p: (value) => typeof value === 'number' && value > 0 && value <= 1,
  stop: (value) => Array.isArray(value) && value.length > 0 && value.length <= 4,
  frequency_penalty: (value) => typeof value === 'number' && Math.abs(value) <= 2,
  presence_penalty: (value) => typeof value === 'number' && Math.abs(value) <= 2,
  logprobs: (value) => value === true,
  top_logprobs: (value) => Number.isInteger(value) && (value as number) > 0 && (value as number) <= 20,
  tools: (value) => Array.isArray(value) && value.every(isTool),
  tool_choice: (value) => ['none', 'auto', 'required'].includes(value as string) || isTool(value),
  parallel_tool_calls: (value) => typeof value === 'boolean',
  response_format: (value) => ['text', 'json_object', 'json_schema'].includes((value as { type: string }).type),
  user: (value) => typeof value === 'string',
  logit_bias: (value) => typeof value === 'object',
  stream_options: (value) => JSON.stringify(value) === '{"include_usage":true}',
  temperature: (value) => typeof value === 'number' && value >= 0 && value <= 2,
  seed: (value) => Number.isInteger(value),
  max_tokens: (value) => Number.isInteger(value) && (value as number) > 0,
  max_completion_tokens: (value) => Number.isInteger(value) && (value as number) > 0,
};

const ALSO: Record<string, readonly string[]> = {
  system: ['name'],
  user: ['name'],
  assistant: ['name', 'tool_calls'],
  tool: ['tool_call_id'],
};

function isMessage(value: unknown): boolean {
  const { role, content, ...rest } = value as Record<string, unknown>;
  const said = typeof content === 'string' || (role === 'user' && Array.isArray(content) && content.every(isPart));
  const also = ALSO[role as string];
  return (said || (content === null && 'tool_calls' in rest)) && Object.keys(rest).every((name) => also?.includes(name));
}

function isPart(value: unknown): boolean {
  const { type, ...rest } = value as Record<string, unknown>;
  return typeof type === 'string' && Object.keys(rest).join() === (type === 'file' ? 'file' : type);
}

function isTool(value: unknown): boolean {
  const { type, function: called } = value as { type: unknown; function?: { name?: unknown } };
  return type === 'function' && typeof called?.name === 'string';
}

/** A chat completions endpoint on the loopback interface that checks what it is sent and answers by script. */
export async function startServer(answer: (seen: Seen, count: number) => Script): Promise<TestServer> {
  const seen: Seen[] = [];
  const faults: string[] = [];
  const connections = { accepted: 0, leftEarly: 0 };

  const server = createServer(async (request, response) => {
    const text = await readAll(request);
    const fault = faultIn(request, text);
    if (fault !== null) {
      faults.push(fault);
      response.writeHead(418).end(fault);
      return;
    }
    const one = { headers: request.headers, body: JSON.parse(text) };
    seen.push(one);
    response.on('close', () => {
      if (!response.writableFinished) connections.leftEarly++;
    });
    await play(answer(one, seen.length), response);
  });
  server.on('connection', (socket) => {
    connections.accepted++;
    socket.setNoDelay(true);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    seen,
    faults,
    connections,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function play(script: Script, response: ServerResponse): Promise<void> {
  const { status = 200, headers = {}, pieces, ending = 'end' } = script;
  response.writeHead(status, { 'content-type': 'text/event-stream', ...headers });
  response.flushHeaders();
  for (const piece of pieces) {
    if (response.destroyed) return;
    response.write(piece);
    await setImmediate();
  }
  if (ending === 'end') response.end();
  if (ending === 'reset') response.socket?.resetAndDestroy();
}

function faultIn(request: IncomingMessage, text: string): string | null {
  const { method, url, headers } = request;
  if (method !== 'POST' || url !== '/v1/chat/completions') return `${method} ${url}`;
  if (headers['content-type'] !== 'application/json') return `content-type ${headers['content-type']}`;
  if (headers.authorization !== `Bearer ${KEY}`) return `authorization ${headers.authorization}`;
  if (Number(headers['content-length']) !== Buffer.byteLength(text)) return 'content-length';
  const body = JSON.parse(text);
  for (const required of ['model', 'messages', 'stream']) if (!(required in body)) return `no ${required}`;
  for (const [name, value] of Object.entries(body)) if (!FIELDS[name]?.(value)) return `${name}: ${JSON.stringify(value)}`;
  return null;
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
