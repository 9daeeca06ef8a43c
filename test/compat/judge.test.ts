import { describe, expect, it } from 'vitest';
import { problemsOf } from './judge.ts';
import type { Exchange } from './recorder.ts';

const chunk = (more: object) => ({
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'm',
  choices: [{ index: 0, delta: {}, logprobs: null, finish_reason: null }],
  ...more,
});
const delta = (value: object, finish: string | null = null) => ({
  choices: [{ index: 0, delta: value, logprobs: null, finish_reason: finish }],
});
const ours = { plan: [], perceptions: [], ledger: { inputs: [], losses: [] }, timings: { totalMs: 1 } };
const first = chunk(delta({ role: 'assistant', content: 'Hi' }));
const last = chunk({ ...delta({}, 'stop'), sensorium: ours });

function exchange(
  path: string,
  body: string,
  more: Partial<Exchange> & { type?: string; asked?: object } = {},
): Exchange {
  const { type = 'application/json', asked = {}, ...rest } = more;
  return {
    method: 'POST',
    path,
    requestBody: Buffer.from(JSON.stringify(asked)),
    key: '',
    status: 200,
    headers: { 'content-type': type, 'x-request-id': 'req_1' },
    body: Buffer.from(body),
    cut: false,
    startedMs: 0,
    endedMs: 1,
    ...rest,
  };
}

const stream = (events: readonly (object | string)[], more: { asked?: object; cut?: boolean } = {}) =>
  problemsOf(
    exchange(
      '/v1/chat/completions',
      events.map((event) => `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`).join(''),
      { type: 'text/event-stream', ...more },
    ),
  );

describe('a chat stream', () => {
  const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
  const counted = [
    { ...first, usage: null },
    { ...chunk(delta({}, 'stop')), usage: null },
    chunk({ choices: [], usage, sensorium: ours }),
    '[DONE]',
  ];

  it('is accepted as OpenAI sends it', () => {
    expect(stream([first, last, '[DONE]'])).toEqual([]);
    expect(stream(counted, { asked: { stream_options: { include_usage: true } } })).toEqual([]);
    expect(stream([first], { cut: true })).toEqual([]);
  });

  it.each([
    ['no end', [first, last]],
    ['two times', [first, { ...last, created: 2 }, '[DONE]']],
    ['two ids', [first, { ...last, id: 'chatcmpl-2' }, '[DONE]']],
    ['no role', [chunk(delta({ content: 'Hi' })), last, '[DONE]']],
    ['the role twice', [first, first, last, '[DONE]']],
    ['no finish_reason', [first, chunk({ sensorium: ours }), '[DONE]']],
    ['a made-up finish_reason', [first, chunk({ ...delta({}, 'end'), sensorium: ours }), '[DONE]']],
    ['no ledger', [first, chunk(delta({}, 'stop')), '[DONE]']],
    ['usage that nobody asked for', counted],
    ['an error in the middle', [first, { error: { message: 'No.' } }]],
    ['a line that is no JSON', [first, 'oops', last, '[DONE]']],
  ])('is refused with %s', (_what, events) => {
    expect(stream(events)).not.toEqual([]);
  });
});

describe('other answers', () => {
  it.each([
    [
      '/v1/embeddings',
      {
        object: 'list',
        data: [{ object: 'embedding', index: 0, embedding: [0.1] }],
        model: 'm',
        usage: { prompt_tokens: 1, total_tokens: 1 },
      },
    ],
    ['/v1/audio/translations', { text: 'Hi' }],
  ])('%s is accepted as OpenAI sends it', (path, body) => {
    expect(problemsOf(exchange(path, JSON.stringify(body)))).toEqual([]);
  });

  it.each([
    [
      'numbers for base64',
      exchange(
        '/v1/embeddings',
        '{"object":"list","data":[{"object":"embedding","index":0,"embedding":[1]}],"model":"m","usage":{"prompt_tokens":1,"total_tokens":1}}',
        { asked: { encoding_format: 'base64' } },
      ),
    ],
    ['a 5xx', exchange('/v1/models', '{}', { status: 502 })],
    ['an error of another shape', exchange('/v1/models', '{"error":"no"}', { status: 404 })],
    [
      'a 429 that says no time',
      exchange('/v1/models', '{"error":{"message":"No.","type":"requests","param":null,"code":null}}', { status: 429 }),
    ],
    ['an unknown address', exchange('/v1/elsewhere', '{}')],
    ['a whole answer without an id', exchange('/v1/chat/completions', '{"object":"chat.completion"}')],
    [
      'JSON where text was asked for',
      exchange('/v1/audio/transcriptions', '{"text":"Hi"}\n', {
        type: 'text/plain',
        requestBody: Buffer.from('name="response_format"\r\n\r\ntext\r\n'),
      }),
    ],
  ])('%s is refused', (_what, wrong) => {
    expect(problemsOf(wrong)).not.toEqual([]);
  });
});
