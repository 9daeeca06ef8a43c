import { json, type Reply } from '../reply.ts';

interface Row {
  readonly status: number;
  readonly type: string;
  readonly message: string;
}

const invalid = (message: string): Row => ({ status: 400, type: 'invalid_request_error', message });
const denied = (status: number, message: string): Row => ({ status, type: 'access_denied', message });
const limited = (of: string): Row => ({
  status: 429,
  type: 'rate_limit_exceeded',
  message: `Rate limit reached for ${of}`,
});
const failed: Row = { status: 500, type: 'internal_error', message: 'Internal error' };

/** Qianfan's table of errors, version 2 (cloud.baidu.com/doc/qianfan-api/s/Om9b4yj3w), by code. */
export const ERRORS = {
  malformed_json: invalid('Invalid Argument'),
  invalid_model: invalid('The model does not exist or you do not have access to it'),
  invalid_messages: invalid('messages are not as they should be'),
  characters_too_long: invalid('the max input characters is 516096'),
  tokens_too_long: invalid('Prompt tokens too long'),
  invalid_argument: invalid('invalid argument'),
  invalid_image_url: invalid('invalid image url'),
  image_url_unsafe: { status: 400, type: 'unsafe_request', message: 'image is unsafe' },
  invalid_iam_token: denied(401, 'IAM Certification failed'),
  invalid_appid: denied(401, 'No permission to use the appid'),
  no_parameter_permission: denied(401, 'No permission to use the parameter'),
  system_unsafe: { status: 403, type: 'unsafe_request', message: 'the content of system field is invalid' },
  user_setting_unsafe: { status: 403, type: 'unsafe_request', message: 'the content of user field is invalid' },
  functions_unsafe: { status: 403, type: 'unsafe_request', message: 'the content of functions field is invalid' },
  method_not_supported: { status: 405, type: 'method_not_supported', message: 'Only POST requests are accepted' },
  rpm_rate_limit_exceeded: limited('RPM'),
  tpm_rate_limit_exceeded: limited('TPM'),
  input_tpm_rate_limit_exceeded: limited('input TPM'),
  output_tpm_rate_limit_exceeded: limited('output TPM'),
  preemptible_rate_limit_exceeded: limited('preemptible resource'),
  user_rate_limit_exceeded: limited('user'),
  cluster_rpm_rate_limit_exceeded: limited('cluster RPM'),
  internal_error: failed,
  dispatch_internal_error: failed,
} as const satisfies Record<string, Row>;

export type ErrorCode = keyof typeof ERRORS;

/** A refusal as Qianfan words it. */
export function refusal(code: ErrorCode, message: string = ERRORS[code].message): Reply {
  const { status, type } = ERRORS[code];
  return json({ error: { code, message, type }, id: 'as-madeup0001' }, status);
}
