import { HTTP_CASES, httpCase, type Refusals } from '../cases.ts';
import { events, json, type Reply } from '../reply.ts';
import { type ConformanceServer, check, type Request } from '../server.ts';

/** A made-up key, of no form that is known for keys, so that only its being the key can hide it. */
export const OPENAI_TEST_KEY = 'opaque/openai.0123456789';

const chunk = (fields: object) => ({
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  created: 1_790_000_000,
  model: 'gpt-test-2026',
  ...fields,
});
const delta = (content: object, finish_reason: string | null = null) =>
  chunk({ choices: [{ index: 0, delta: content, finish_reason }], usage: null });
const refusal = (status: number, message: string, code: string | null, type = 'invalid_request_error'): Reply =>
  json({ error: { message, type, param: null, code } }, status);

const WORDS = ['现在', '是', '下午三点', '，', "it's 3 pm", ' 🕒。'];
const USAGE = { prompt_tokens: 12, completion_tokens: 8, total_tokens: 20 };

const HAPPY = events([
  delta({ role: 'assistant', content: '', refusal: null }),
  ...WORDS.map((content) => delta({ content })),
  delta({}, 'stop'),
  chunk({ choices: [], usage: USAGE }),
  '[DONE]',
]);

const REFUSALS: Refusals = {
  badKey: refusal(401, `Incorrect API key provided: ${OPENAI_TEST_KEY}.`, 'invalid_api_key'),
  rateLimited: refusal(429, 'Rate limit reached for requests.', 'rate_limit_exceeded', 'requests'),
  quotaSpent: refusal(429, 'You exceeded your current quota.', 'insufficient_quota', 'insufficient_quota'),
  filteredInput: refusal(400, 'Invalid prompt: it was flagged.', 'content_policy_violation'),
  filteredOutput: `data: ${JSON.stringify(delta({}, 'content_filter'))}\n\ndata: [DONE]\n\n`,
  failedMidway: `data: ${JSON.stringify({ error: { message: 'The server had an error.', type: 'server_error', param: null, code: null } })}\n\n`,
};

function answer(request: Request): Reply {
  check(request.headers.authorization === `Bearer ${OPENAI_TEST_KEY}`, 'authorization', REFUSALS.badKey);
  check(request.headers['content-type'] === 'application/json', 'content-type');
  const { model, messages, stream } = request.json();
  check(typeof model === 'string' && model !== '', 'model');
  check(Array.isArray(messages) && messages.length > 0, 'messages');
  const special = httpCase(request.play, HAPPY, REFUSALS);
  if (special) return special;
  if (stream === true) return HAPPY;
  const message = { role: 'assistant', content: WORDS.join(''), refusal: null };
  return json({
    ...chunk({ object: 'chat.completion', choices: [{ index: 0, message, logprobs: null, finish_reason: 'stop' }] }),
    usage: USAGE,
  });
}

export const openAiConformance: ConformanceServer = {
  name: 'openai',
  about: 'OpenAI’s chat completions',
  cases: HTTP_CASES,
  configure: (origin) => ({ providers: { openai: { baseUrl: `${origin}/v1`, apiKey: OPENAI_TEST_KEY } } }),
  routes: { 'POST /v1/chat/completions': answer },
};
