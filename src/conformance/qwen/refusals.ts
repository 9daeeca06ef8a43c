import type { Refusals } from '../cases.ts';
import { json, type Reply } from '../reply.ts';

/** A made-up key, of no form that is known for keys, so that only its being the key can hide it. */
export const QWEN_TEST_KEY = 'opaque/qwen.0123456789';

const REQUEST_ID = '7b5f9e2c-1d43-4c0a-9c1b-0f6a5f0e5a11';

/** A refusal as the compatible API words it. */
export function compatRefusal(
  status: number,
  code: string,
  message: string,
  { type = code, headers = {} }: { readonly type?: string; readonly headers?: Readonly<Record<string, string>> } = {},
): Reply {
  return json({ error: { message, type, param: null, code }, request_id: REQUEST_ID }, status, headers);
}

/** A refusal as the native API words it. */
export function nativeRefusal(status: number, code: string, message: string, headers = {}): Reply {
  return json({ code, message, request_id: REQUEST_ID }, status, headers);
}

/** A refusal of a parameter, with the words the vendor uses for it. */
export function badParameter(message: string): Reply {
  return compatRefusal(400, 'invalid_parameter_error', message, { type: 'invalid_request_error' });
}

const line = (error: object) => `data: ${JSON.stringify({ error, id: 'chatcmpl-9f1c', request_id: REQUEST_ID })}\n\n`;

export const COMPAT_REFUSALS: Refusals = {
  badKey: compatRefusal(
    401,
    'invalid_api_key',
    `Incorrect API key provided: ${QWEN_TEST_KEY}. For details, see: https://help.aliyun.com/zh/model-studio/error-code`,
    { type: 'invalid_request_error' },
  ),
  rateLimited: compatRefusal(429, 'limit_requests', 'Requests rate limit exceeded, please try again later.'),
  quotaSpent: compatRefusal(429, 'insufficient_quota', 'You exceeded your current quota.'),
  filteredInput: compatRefusal(400, 'data_inspection_failed', 'Input (text) data may contain inappropriate content.'),
  filteredOutput: line({
    message: 'Output data may contain inappropriate content.',
    type: 'data_inspection_failed',
    param: null,
    code: 'data_inspection_failed',
  }),
  failedMidway: line({
    message: 'Internal server error.',
    type: 'internal_error',
    param: null,
    code: 'internal_error',
  }),
};

const nativeLine = (code: string, message: string, status: number) =>
  `id:7\nevent:error\n:HTTP_STATUS/${status}\ndata:${JSON.stringify({ code, message, request_id: REQUEST_ID })}\n\n`;

export const NATIVE_REFUSALS: Refusals = {
  badKey: nativeRefusal(401, 'InvalidApiKey', `Invalid API-key provided: ${QWEN_TEST_KEY}.`),
  rateLimited: nativeRefusal(429, 'Throttling.RateQuota', 'Requests rate limit exceeded, please try again later.'),
  quotaSpent: nativeRefusal(400, 'Arrearage', 'Access denied, please make sure your account is in good standing.'),
  filteredInput: nativeRefusal(400, 'DataInspectionFailed', 'Input data may contain inappropriate content.'),
  filteredOutput: nativeLine('DataInspectionFailed', 'Output data may contain inappropriate content.', 400),
  failedMidway: nativeLine('InternalError', 'An internal error has occured.', 500),
};

/** Cases of refusals that only this vendor has; `null` for any other case. */
export function qwenRefusal(play: string, isNative: boolean): Reply | null {
  switch (play) {
    case 'wrong-region':
      return isNative ? NATIVE_REFUSALS.badKey : COMPAT_REFUSALS.badKey;
    case 'arrearage':
      return isNative
        ? NATIVE_REFUSALS.quotaSpent
        : compatRefusal(400, 'Arrearage', 'Access denied, please make sure your account is in good standing.');
    case 'allocation-quota':
      return isNative
        ? nativeRefusal(429, 'Throttling.AllocationQuota', 'Allocated quota exceeded.')
        : COMPAT_REFUSALS.quotaSpent;
    case 'allocation-quota-later':
      return isNative
        ? nativeRefusal(429, 'Throttling.AllocationQuota', 'Allocated quota exceeded.', { 'retry-after': '0' })
        : compatRefusal(429, 'insufficient_quota', 'You exceeded your current quota.', {
            headers: { 'retry-after': '0' },
          });
    case 'free-tier':
      return nativeRefusal(403, 'AllocationQuota.FreeTierOnly', 'The free tier of the model has been exhausted.');
    case 'code-in-200':
      return nativeRefusal(200, 'InvalidParameter', 'The voice or the sound cannot be used.');
    case 'too-long':
      return badParameter('<400> InternalError.Algo.InvalidParameter: Range of input length should be [1, 30720]');
    default:
      return null;
  }
}
