import { HTTP_CASES, httpCase, type Refusals } from '../cases.ts';
import { json, type Reply } from '../reply.ts';
import { type ConformanceServer, check, type Request } from '../server.ts';
import { checkRequest, toolsOf } from './fields.ts';

/** A made-up key. */
export const ANTHROPIC_TEST_KEY = 'opaque/anthropic.0123456789';

const refusal = (status: number, type: string, message: string): Reply =>
  json({ type: 'error', error: { type, message }, request_id: 'req_1' }, status);

/** One event: its name stands in a line of its own and in its data. */
const event = (type: string, fields: object = {}): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;

const REFUSALS: Refusals = {
  badKey: refusal(401, 'authentication_error', `invalid x-api-key: ${ANTHROPIC_TEST_KEY}`),
  rateLimited: refusal(429, 'rate_limit_error', 'This request would exceed your rate limit.'),
  quotaSpent: refusal(400, 'invalid_request_error', 'Your credit balance is too low to access the Anthropic API.'),
  filteredInput: refusal(400, 'invalid_request_error', 'Output blocked by content filtering policy'),
  filteredOutput: [
    event('message_delta', { delta: { stop_reason: 'refusal', stop_sequence: null }, usage: { output_tokens: 4 } }),
    event('message_stop'),
  ].join(''),
  failedMidway: event('error', { error: { type: 'overloaded_error', message: 'Overloaded' } }),
};

const WORDS = ['现在', '是', '下午三点', '，', "it's 3 pm", ' 🕒。'];
const MODEL = 'claude-test-2026';
const READ = { input_tokens: 9, cache_creation_input_tokens: 0, cache_read_input_tokens: 3 };
const WRITTEN = { output_tokens: 8 };

interface Block {
  readonly start: object;
  readonly deltas: readonly object[];
}

const TEXT: Block = { start: { type: 'text', text: '' }, deltas: WORDS.map((text) => ({ type: 'text_delta', text })) };
const THOUGHT: Block = {
  start: { type: 'thinking', thinking: '', signature: '' },
  deltas: [
    { type: 'thinking_delta', thinking: 'The clock ' },
    { type: 'thinking_delta', thinking: 'says three.' },
    { type: 'signature_delta', signature: 'c2VhbA==' },
  ],
};

function callBlock(name: string): Block {
  const pieces = ['{"city": ', '"Köln', '"}'].map((partial_json) => ({ type: 'input_json_delta', partial_json }));
  return { start: { type: 'tool_use', id: `toolu_${name}`, name, input: {} }, deltas: pieces };
}

function streamOf(blocks: readonly Block[], stop_reason: string): Reply {
  const message = { id: 'msg_1', type: 'message', role: 'assistant', model: MODEL, content: [], stop_reason: null };
  const body = blocks.flatMap(({ start, deltas }, index) => [
    event('content_block_start', { index, content_block: start }),
    ...deltas.map((delta) => event('content_block_delta', { index, delta })),
    event('content_block_stop', { index }),
  ]);
  const pieces = [
    event('message_start', { message: { ...message, usage: { ...READ, output_tokens: 1 } } }),
    event('ping'),
    ...body,
    event('message_delta', { delta: { stop_reason, stop_sequence: null }, usage: WRITTEN }),
    event('message_stop'),
  ];
  return { headers: { 'content-type': 'text/event-stream; charset=utf-8' }, pieces };
}

function answer(request: Request): Reply {
  check(request.headers['x-api-key'] === ANTHROPIC_TEST_KEY, 'x-api-key', REFUSALS.badKey);
  check(request.headers.authorization === undefined, 'authorization beside x-api-key');
  check(
    request.headers['anthropic-version'] === '2023-06-01',
    'anthropic-version',
    refusal(400, 'invalid_request_error', 'anthropic-version: header is required'),
  );
  check(request.headers['content-type'] === 'application/json', 'content-type');
  const body = request.json();
  checkRequest(body, (message) => refusal(400, 'invalid_request_error', message));
  switch (request.play) {
    case 'overloaded-529':
      return refusal(529, 'overloaded_error', 'Overloaded');
    case 'no-model':
      return refusal(404, 'not_found_error', `model: ${String(body.model)}`);
    case 'too-long':
      return refusal(400, 'invalid_request_error', 'prompt is too long: 210000 tokens > 200000 maximum');
    case 'no-temperature':
      if (body.temperature === undefined) break;
      return refusal(400, 'invalid_request_error', 'temperature: Extra inputs are not permitted');
    case 'new-events': {
      const { pieces, ...rest } = streamOf([TEXT], 'end_turn');
      return { ...rest, pieces: pieces.flatMap((piece) => [piece, event('weather_report', { sky: 'blue' })]) };
    }
  }
  const tools = toolsOf(body);
  if (tools.length > 0) {
    const blocks = [THOUGHT, ...tools.map(callBlock)];
    return body.stream === true ? streamOf(blocks, 'tool_use') : wholeOf(tools);
  }
  const good = streamOf([THOUGHT, TEXT], 'end_turn');
  return httpCase(request.play, good, REFUSALS) ?? (body.stream === true ? good : wholeOf([]));
}

function wholeOf(tools: readonly string[]): Reply {
  const content = [
    { type: 'thinking', thinking: 'The clock says three.', signature: 'c2VhbA==' },
    ...(tools.length > 0
      ? tools.map((name) => ({ type: 'tool_use', id: `toolu_${name}`, name, input: { city: 'Köln' } }))
      : [{ type: 'text', text: WORDS.join('') }]),
  ];
  const stop_reason = tools.length > 0 ? 'tool_use' : 'end_turn';
  return json({
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: MODEL,
    content,
    stop_reason,
    usage: { ...READ, ...WRITTEN },
  });
}

/** Anthropic's Messages API as its SDK has it (anthropic-sdk-typescript bfa9197, 2026-08-19). */
export const anthropicConformance: ConformanceServer = {
  name: 'anthropic',
  about: 'Anthropic’s Messages API',
  cases: {
    ...HTTP_CASES,
    'overloaded-529': '529: overloaded, worth asking again',
    'no-model': '404: there is no such model',
    'too-long': '400: the prompt is too long',
    'no-temperature': '400: the model takes no temperature',
    'new-events': 'events of a kind nobody knows yet',
  },
  configure: (origin) => ({ providers: { anthropic: { baseUrl: `${origin}/v1`, apiKey: ANTHROPIC_TEST_KEY } } }),
  routes: { 'POST /v1/messages': answer },
};
