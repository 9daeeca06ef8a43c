import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that speaks OpenAI's chat API and answers with what it was sent, so that a client can see what arrived. */
export interface Upstream {
  readonly url: string;
  close(): Promise<void>;
}

export const UPSTREAM_KEY = 'key-of-the-upstream';

interface Sent {
  readonly model?: string;
  readonly stream?: boolean;
  readonly stream_options?: { readonly include_usage?: boolean };
  readonly tools?: readonly { readonly function: { readonly name: string } }[];
  readonly logprobs?: boolean;
  readonly messages: readonly { readonly role: string; readonly content: unknown }[];
}

const USAGE = { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 };

export async function startUpstream(): Promise<Upstream> {
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece);
  const refuse = (status: number, message: string) =>
    reply(response, status, { error: { message, type: 'invalid_request_error', param: null, code: null } });
  if (request.headers.authorization !== `Bearer ${UPSTREAM_KEY}`) return refuse(401, 'That is not my key.');
  if (request.method === 'GET') {
    return reply(response, 200, {
      object: 'list',
      data: [{ id: 'mirror', object: 'model', created: 1, owned_by: 'us' }],
    });
  }
  if (request.url !== '/v1/chat/completions') return refuse(404, 'There is no such address.');
  const body = Buffer.concat(pieces).toString('utf8');
  if (body.includes('"sensorium"')) return refuse(400, 'Something that is not OpenAI’s came here.');
  const sent: Sent = JSON.parse(body);
  return sent.stream ? streamed(sent, response) : whole(sent, response);
}

/** The words of the answer: the request itself, with long strings shortened. */
function wordsFor(sent: Sent): string {
  return JSON.stringify(sent, (_key, value) =>
    typeof value === 'string' && value.length > 200 ? `${value.slice(0, 16)}… ${value.length}` : value,
  );
}

function callsFor({ tools, messages }: Sent) {
  const name = tools?.[0]?.function.name;
  if (name === undefined || messages.at(-1)?.role === 'tool') return null;
  return [{ id: 'call_1', type: 'function', function: { name, arguments: '{"city":"Paris"}' } }];
}

function logprobOf(token: string) {
  return { token, logprob: -0.5, bytes: [...Buffer.from(token)], top_logprobs: [] };
}

function whole(sent: Sent, response: ServerResponse): void {
  const calls = callsFor(sent);
  const content = wordsFor(sent);
  reply(response, 200, {
    id: 'chatcmpl-mirror',
    object: 'chat.completion',
    created: 1,
    model: sent.model,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', refusal: null, ...(calls ? { content: null, tool_calls: calls } : { content }) },
        logprobs: sent.logprobs ? { content: [logprobOf(content)], refusal: null } : null,
        finish_reason: calls ? 'tool_calls' : 'stop',
      },
    ],
    usage: USAGE,
  });
}

function streamed(sent: Sent, response: ServerResponse): void {
  const calls = callsFor(sent);
  const chunk = (delta: object, finish: string | null = null, logprobs: object | null = null) =>
    `data: ${JSON.stringify({
      id: 'chatcmpl-mirror',
      object: 'chat.completion.chunk',
      created: 1,
      model: sent.model,
      choices: [{ index: 0, delta, logprobs, finish_reason: finish }],
    })}\n\n`;
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(chunk({ role: 'assistant', content: calls ? null : '' }));
  if (calls) {
    const [{ id, type, function: call }] = calls as [(typeof calls)[number]];
    response.write(chunk({ tool_calls: [{ index: 0, id, type, function: { name: call.name, arguments: '' } }] }));
    for (const piece of [call.arguments.slice(0, 5), call.arguments.slice(5)]) {
      response.write(chunk({ tool_calls: [{ index: 0, function: { arguments: piece } }] }));
    }
  } else {
    for (const piece of wordsFor(sent).match(/.{1,40}/gs) ?? []) {
      const logprobs = sent.logprobs ? { content: [logprobOf(piece)], refusal: null } : null;
      response.write(chunk({ content: piece }, null, logprobs));
    }
  }
  response.write(chunk({}, calls ? 'tool_calls' : 'stop'));
  if (sent.stream_options?.include_usage) {
    const { id, model } = { id: 'chatcmpl-mirror', model: sent.model };
    const usage = { id, object: 'chat.completion.chunk', created: 1, model, choices: [], usage: USAGE };
    response.write(`data: ${JSON.stringify(usage)}\n\n`);
  }
  response.end('data: [DONE]\n\n');
}

function reply(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  response
    .writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
    .end(text);
}
