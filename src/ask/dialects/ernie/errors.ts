import type { Refusal, RefusalKind } from '#upstream/errors.ts';

/** Qianfan's table of errors (cloud.baidu.com/doc/qianfan-api/s/Om9b4yj3w). */
const KINDS: Readonly<Record<string, RefusalKind>> = {
  malformed_json: 'refused',
  invalid_model: 'unknown-model',
  invalid_messages: 'refused',
  characters_too_long: 'too-long',
  tokens_too_long: 'too-long',
  invalid_argument: 'refused',
  invalid_image_url: 'refused',
  image_url_unsafe: 'refused',
  invalid_iam_token: 'key-refused',
  invalid_appid: 'key-refused',
  no_parameter_permission: 'key-refused',
  // 403 would otherwise be taken for a bad key.
  system_unsafe: 'refused',
  user_setting_unsafe: 'refused',
  functions_unsafe: 'refused',
  unsafe_request: 'refused',
  method_not_supported: 'refused',
  internal_error: 'upstream-failed',
  dispatch_internal_error: 'upstream-failed',
};

/** What Qianfan means by a refusal; `undefined` where its table is silent. */
export function classify({ marks }: Refusal): RefusalKind | undefined {
  // Per minute, per token, per user, per cluster, …: each has a prefix of its own.
  if (/rate_limit_exceeded/.test(marks)) return 'rate-limited';
  for (const mark of marks.split(/\s+/)) if (Object.hasOwn(KINDS, mark)) return KINDS[mark];
  return undefined;
}
