import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { whatIsWrong } from './check.ts';
import type { UpstreamCounts } from './messages.ts';
import { ANSWER, MODEL, STREAM_TOKENS, TOKEN_INTERVAL_MS } from './payload.ts';

// A fake OpenAI API that answers at once, so that what is measured in front of it is the gateway alone.

const port = Number(process.argv[2]);
/** Larger bodies are checked after the answer, so that checking a recording is not counted as anybody's latency. */
const CHECKED_AT_ONCE_BYTES = 64 * 1024;
const KEPT_REASONS = 5;

const counts = { received: 0, wrong: 0, reasons: [] as string[] };

const usage = { prompt_tokens: 24, completion_tokens: 20, total_tokens: 44 };
const completion = Buffer.from(
  JSON.stringify({
    id: 'chatcmpl-bench',
    object: 'chat.completion',
    created: 1_700_000_000,
    model: MODEL,
    choices: [{ index: 0, message: { role: 'assistant', content: ANSWER }, logprobs: null, finish_reason: 'stop' }],
    usage,
  }),
);

createServer((request, response) => {
  if (request.method === 'POST' && request.url?.startsWith('/v1/chat/completions')) return receive(request, response);
  if (request.url === '/counts') return json(response, Buffer.from(JSON.stringify(counts satisfies UpstreamCounts)));
  if (request.url === '/v1/models') {
    return json(response, Buffer.from(JSON.stringify({ object: 'list', data: [{ id: MODEL, object: 'model' }] })));
  }
  response.writeHead(404).end();
}).listen(port, '127.0.0.1');

process.on('disconnect', () => process.exit());

function receive(request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const bytes = Buffer.concat(chunks);
    if (bytes.length > CHECKED_AT_ONCE_BYTES) {
      json(response, completion);
      setImmediate(() => check(bytes));
      return;
    }
    const body = check(bytes);
    if (body?.stream === true) stream(response, body.stream_options?.include_usage === true);
    else json(response, completion);
  });
}

function check(bytes: Buffer) {
  counts.received += 1;
  let body: { stream?: unknown; stream_options?: { include_usage?: unknown } } | null = null;
  let why: string | null = 'the body is no JSON';
  try {
    body = JSON.parse(bytes.toString());
    why = whatIsWrong(body);
  } catch {}
  if (why !== null) {
    counts.wrong += 1;
    if (counts.reasons.length < KEPT_REASONS) counts.reasons.push(why);
  }
  return body;
}

function json(response: ServerResponse, bytes: Buffer): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': bytes.length }).end(bytes);
}

function stream(response: ServerResponse, withUsage: boolean): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  response.write(chunk({ role: 'assistant', content: '' }, null));
  let sent = 0;
  const timer = setInterval(() => {
    // The machine's monotonic clock is one for all processes, so the far end can tell how long the token was on its way.
    response.write(chunk({ content: `T${process.hrtime.bigint()};` }, null));
    sent += 1;
    if (sent < STREAM_TOKENS) return;
    clearInterval(timer);
    const last = withUsage ? event({ choices: [], usage }) : '';
    response.end(`${chunk({}, 'stop')}${last}data: [DONE]\n\n`);
  }, TOKEN_INTERVAL_MS);
  response.on('close', () => clearInterval(timer));
}

function chunk(delta: object, finish_reason: string | null): string {
  return event({ choices: [{ index: 0, delta, logprobs: null, finish_reason }] });
}

function event(fields: object): string {
  const head = { id: 'chatcmpl-bench', object: 'chat.completion.chunk', created: 1_700_000_000, model: MODEL };
  return `data: ${JSON.stringify({ ...head, ...fields })}\n\n`;
}
