import { expect, it } from 'vitest';
import { classifyDashScope, nativeRefusal, nativeUrl } from './dashscope.ts';

const said = (marks: string, message = '', retryAfterMs: number | null = null) =>
  classifyDashScope({ status: 400, marks, message, retryAfterMs });

it.each([
  ['data_inspection_failed data_inspection_failed', 'refused'],
  ['DataInspectionFailed', 'refused'],
  ['Arrearage', 'quota-spent'],
  ['PrepaidBillOverdue', 'quota-spent'],
  ['PostpaidBillOverdue', 'quota-spent'],
  ['CommodityNotPurchased', 'quota-spent'],
  ['AllocationQuota.FreeTierOnly', 'quota-spent'],
  ['invalid_api_key invalid_request_error', 'key-refused'],
  ['InvalidApiKey', 'key-refused'],
  ['Workspace.AccessDenied', 'key-refused'],
  ['AccessDenied.Unpurchased', 'key-refused'],
  ['ModelNotFound', 'unknown-model'],
  ['model_not_found', 'unknown-model'],
  ['limit_requests limit_requests', 'rate-limited'],
  ['LimitRequests', 'rate-limited'],
  ['Throttling', 'rate-limited'],
  ['Throttling.AllocationQuota', 'rate-limited'],
  ['BadRequest.TooLarge', 'too-long'],
  ['BadRequest.InputDownloadFailed', 'refused'],
  ['InvalidURL', 'refused'],
  ['InvalidParameter', 'refused'],
  ['InternalError.Algo.InvalidParameter', 'refused'],
  ['InternalError.Timeout', 'upstream-failed'],
  ['SystemError', 'upstream-failed'],
  ['ModelServiceFailed', 'upstream-failed'],
  ['ModelUnavailable', 'upstream-failed'],
  ['RequestTimeOut', 'upstream-failed'],
  ['something_new', undefined],
])('%s is %s', (marks, kind) => {
  expect(said(marks)).toBe(kind);
});

it('tells a rate from an empty account by whether the server says when to come back', () => {
  expect(said('insufficient_quota insufficient_quota')).toBe('quota-spent');
  expect(said('insufficient_quota insufficient_quota', '', 0)).toBe('rate-limited');
  expect(classifyDashScope({ status: 429, marks: 'insufficient_quota', message: '' })).toBe('quota-spent');
});

it('knows a request that is too long among the faulty ones', () => {
  const words = '<400> InternalError.Algo.InvalidParameter: Range of input length should be [1, 30720]';
  expect(said('invalid_parameter_error invalid_request_error', words)).toBe('too-long');
});

it.each([
  ['https://dashscope.aliyuncs.com/compatible-mode/v1', 'https://dashscope.aliyuncs.com/api/v1/x/y'],
  ['https://dashscope-intl.aliyuncs.com/compatible-mode/v1/', 'https://dashscope-intl.aliyuncs.com/api/v1/x/y'],
  ['http://127.0.0.1:9/api/v1', 'http://127.0.0.1:9/api/v1/x/y'],
  ['https://relay.example/qwen/compatible-mode/v1', 'https://relay.example/qwen/api/v1/x/y'],
  ['https://relay.example', 'https://relay.example/api/v1/x/y'],
])('the native API of %s is at %s', (base, native) => {
  expect(nativeUrl(new URL(base), 'x/y').href).toBe(native);
});

it('finds a refusal in a good answer only where there is a code that says so', () => {
  expect(nativeRefusal(null, { code: 'InvalidParameter', message: 'no' })).toMatchObject({
    marks: 'InvalidParameter',
    message: 'no',
  });
  for (const good of [{ code: '', output: {} }, { output: {} }, { code: 'Success' }, null, 'text', { code: 200 }]) {
    expect(nativeRefusal(null, good)).toBeNull();
  }
});
