import { HTTP_CASES, httpCase, type Refusals } from '../cases.ts';
import { events, json, type Reply } from '../reply.ts';
import { type ConformanceServer, check, type Request, type Running } from '../server.ts';
import { ERRORS, type ErrorCode, refusal } from './errors.ts';
import type { Seen } from './media.ts';
import { checkRequest } from './request.ts';

/** A made-up key in the form Baidu's have. */
export const ERNIE_TEST_KEY = 'bce-v3/ALTAK-madeup0123/456789abcdef';

const WORDS = ['现在', '是', '下午三点', '，', "it's 3 pm", ' 🕒。'];
const USAGE = { prompt_tokens: 12, completion_tokens: 8, total_tokens: 20 };

const chunk = (fields: object) => ({
  id: 'as-madeup0001',
  object: 'chat.completion.chunk',
  created: 1_790_000_000,
  model: 'ernie-4.5-turbo-vl',
  ...fields,
});
const choice = (content: string, more: object = {}) =>
  chunk({ choices: [{ index: 0, delta: { role: 'assistant', content }, flag: 0, ...more }] });
const stopped = (more: object) => choice('', { finish_reason: 'content_filter', flag: 5, ban_round: -1, ...more });
const lines = (words: readonly string[], ...ends: object[]): Reply =>
  events([...words.map((word) => choice(word)), ...ends, chunk({ choices: [], usage: USAGE }), '[DONE]']);

const HAPPY = lines(WORDS, choice('', { finish_reason: 'stop' }));

const REFUSALS: Refusals = {
  badKey: refusal('invalid_iam_token', `IAM Certification failed: ${ERNIE_TEST_KEY}`),
  rateLimited: refusal('rpm_rate_limit_exceeded'),
  // Qianfan's table has no line for an empty account: this is what other servers say.
  quotaSpent: json({ error: { code: 'insufficient_quota', message: 'Insufficient balance.', type: 'quota' } }, 429),
  filteredInput: refusal('user_setting_unsafe'),
  filteredOutput: `data: ${JSON.stringify(stopped({}))}\n\ndata: [DONE]\n\n`,
  failedMidway: `data: ${JSON.stringify({ error: { code: 'internal_error', message: 'Internal error', type: 'internal_error' }, id: 'as-madeup0001' })}\n\n`,
};

/** Ends of an answer that only Qianfan has. */
const ENDS: Readonly<Record<string, { readonly about: string; readonly ends: readonly object[] }>> = {
  flagged: { about: 'E1: the safety check stops the answer because of the question', ends: [stopped({})] },
  'flagged-then-stop': {
    about: 'E1: a flag, and after it a reason that says nothing of it',
    ends: [choice('', { flag: 1, ban_round: -1 }), choice('', { finish_reason: 'stop' })],
  },
  'flagged-round': {
    about: 'E1: the safety check minds an earlier message and wants a new conversation',
    ends: [stopped({ flag: '3', ban_round: 2, need_clear_history: true, finish_reason: 'normal' })],
  },
  'normal-end': { about: 'E2: the reason for the end is “normal”', ends: [choice('', { finish_reason: 'normal' })] },
};

function answer(request: Request): Reply {
  check(request.headers.authorization === `Bearer ${ERNIE_TEST_KEY}`, 'authorization', REFUSALS.badKey);
  const { stream, media } = checkRequest(request);
  const special = httpCase(request.play, HAPPY, REFUSALS);
  if (special) return special;
  if (Object.hasOwn(ERRORS, request.play)) return refusal(request.play as ErrorCode);
  if (request.play === 'over-limit')
    return refusal('invalid_argument', 'the video has more frames than the model takes');
  const words = media.length === 0 ? WORDS : [`我看到了：${media.map(described).join('、')}。`];
  const end = ENDS[request.play];
  if (stream) return end ? lines(words, ...end.ends) : lines(words, choice('', { finish_reason: 'stop' }));
  const last = Object.assign({}, ...(end?.ends ?? [choice('', { finish_reason: 'stop' })]).map(choiceOf));
  const { delta: _, ...rest } = last;
  return json({
    ...chunk({ object: 'chat.completion' }),
    choices: [{ ...rest, message: { role: 'assistant', content: words.join('') } }],
    usage: USAGE,
  });
}

function choiceOf(line: object): object {
  return (line as { choices: object[] }).choices[0] ?? {};
}

function described({ kind, sizeBytes, widthPx, heightPx }: Seen): string {
  const sides = widthPx === null ? '' : `${widthPx}×${heightPx}，`;
  return `${kind === 'image' ? '图片' : '视频'}（${sides}${sizeBytes} 字节）`;
}

function models(request: Request, { switchedOn }: Running): Reply {
  check(request.headers.authorization === `Bearer ${ERNIE_TEST_KEY}`, 'authorization', REFUSALS.badKey);
  if (!switchedOn.has('lists-models')) return refusal('method_not_supported');
  return json({
    object: 'list',
    data: [
      { id: 'ernie-4.5-turbo-vl', object: 'model' },
      { id: 'ernie-x1.1-preview', object: 'model' },
    ],
  });
}

export const ernieConformance: ConformanceServer = {
  name: 'ernie',
  about: 'Baidu Qianfan’s chat completions, version 2 (ERNIE)',
  cases: {
    ...HTTP_CASES,
    ...Object.fromEntries(Object.entries(ENDS).map(([name, { about }]) => [name, about])),
    ...Object.fromEntries(
      Object.entries(ERRORS).map(([code, { status, message }]) => [code, `E3–E5: ${status}, ${message}`]),
    ),
    'over-limit': 'E6: a video has more frames than the model takes',
  },
  configure: (origin) => ({ providers: { ernie: { baseUrl: `${origin}/v2`, apiKey: ERNIE_TEST_KEY } } }),
  routes: { 'POST /v2/chat/completions': answer, 'GET /v2/models': models },
  switches: { 'lists-models': 'GET /models gives a list; whether version 2 has one is not documented' },
};
