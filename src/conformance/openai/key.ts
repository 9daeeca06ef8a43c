import type { Refusals } from '../cases.ts';
import { json, type Reply } from '../reply.ts';
import { check, Fault, type Request } from '../server.ts';

/** A made-up key, of no form that is known for keys, so that only its being the key can hide it. */
export const OPENAI_TEST_KEY = 'opaque/openai.0123456789';

/** A refusal in OpenAI's envelope. */
export function refusal(
  status: number,
  message: string,
  {
    code = null,
    type = 'invalid_request_error',
    param = null,
  }: { code?: string | null; type?: string; param?: string | null } = {},
): Reply {
  return json({ error: { message, type, param, code } }, status);
}

/** The refusals of every address. */
export const REFUSALS: Refusals = {
  badKey: refusal(401, `Incorrect API key provided: ${OPENAI_TEST_KEY}.`, { code: 'invalid_api_key' }),
  rateLimited: refusal(429, 'Rate limit reached for requests.', { code: 'rate_limit_exceeded', type: 'requests' }),
  quotaSpent: refusal(429, 'You exceeded your current quota.', {
    code: 'insufficient_quota',
    type: 'insufficient_quota',
  }),
  filteredInput: refusal(400, 'Invalid prompt: it was flagged.', { code: 'content_policy_violation' }),
  filteredOutput: '',
  failedMidway: `data: ${JSON.stringify({ error: { message: 'The server had an error.', type: 'server_error', param: null, code: null } })}\n\n`,
};

/** Lets in who has the key. */
export function mustHaveKey(request: Request): void {
  check(request.headers.authorization === `Bearer ${OPENAI_TEST_KEY}`, 'authorization', REFUSALS.badKey);
}

/** Refuses a field as OpenAI would: 400 with its name in `param`. */
export function checkField(holds: unknown, param: string, message: string): asserts holds {
  if (!holds) throw new Fault(`${param}: ${message}`, refusal(400, `Invalid '${param}': ${message}`, { param }));
}

/** The answer to a request without a key of its own to check: whoever is told never to come back does not. */
export const NEVER_RETRY: Reply = {
  ...refusal(500, 'The server had an error.', { type: 'server_error' }),
  headers: { 'content-type': 'application/json', 'x-should-retry': 'false' },
};
