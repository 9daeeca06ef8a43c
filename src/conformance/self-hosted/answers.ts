import type { Refusals } from '../cases.ts';
import { events, json, type Reply } from '../reply.ts';

/** What every server of this folder's kind says. */
export const WORDS = ['画面里', '有一只', '猫', '，', 'on a mat', ' 🐈。'];
export const USAGE = { prompt_tokens: 21, completion_tokens: 9, total_tokens: 30 };

/** A streamed answer in OpenAI's form; `more` goes into every chunk, `usage` into the last. */
export function streamed(
  model: string,
  options: { readonly more?: object; readonly usage?: object; readonly end?: string; readonly each?: boolean } = {},
): Reply {
  const { more = {}, usage = USAGE, end = 'stop', each = false } = options;
  const chunk = (fields: object) => ({
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1_790_000_000,
    model,
    ...more,
    ...fields,
  });
  const delta = (content: object, spoken: number, finish_reason: string | null = null) =>
    chunk({
      choices: [{ index: 0, delta: content, logprobs: null, finish_reason }],
      ...(each ? { usage: { prompt_tokens: 21, completion_tokens: spoken, total_tokens: 21 + spoken } } : {}),
    });
  return events([
    delta({ role: 'assistant', content: '' }, 0),
    ...WORDS.map((content, index) => delta({ content }, index + 1)),
    delta({ content: '' }, WORDS.length, end),
    chunk({ choices: [], usage }),
    '[DONE]',
  ]);
}

/** The same in one piece. */
export function whole(model: string, more: object = {}): Reply {
  const message = { role: 'assistant', content: WORDS.join('') };
  return json({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1_790_000_000,
    model,
    choices: [{ index: 0, message, logprobs: null, finish_reason: 'stop' }],
    usage: USAGE,
    ...more,
  });
}

/** How such a server words a refusal. */
export type Refuse = (status: number, message: string, type: string) => Reply;

/** A line of a stream. */
export const line = (data: object | string): string =>
  `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;

/**
 * Its refusals by name. None of these servers counts money or filters; where they stand behind a gateway that does, it speaks
 * through their mouth.
 */
export function refusalsOf(refuse: Refuse, badKey: Reply, failedMidway: string): Refusals {
  return {
    badKey,
    rateLimited: refuse(429, 'Too many requests.', 'rate_limit_error'),
    quotaSpent: refuse(429, 'You exceeded your current quota.', 'insufficient_quota'),
    filteredInput: refuse(400, 'The prompt was flagged.', 'invalid_request_error'),
    filteredOutput:
      line({ id: 'chatcmpl-1', choices: [{ index: 0, delta: {}, finish_reason: 'content_filter' }] }) + line('[DONE]'),
    failedMidway,
  };
}
