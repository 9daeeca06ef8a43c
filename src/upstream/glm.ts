import { createHmac } from 'node:crypto';
import { SensoriumError } from '#contract/error.ts';
import type { Keys } from '#vendors/index.ts';
import type { Peer, Refusal, RefusalKind } from './errors.ts';

/** The dialect whose user wants the secret half of the key to stay at home. */
export const GLM_TOKEN_DIALECT = 'glm-jwt';

/** As long as the vendor’s own SDK lets one live. */
const TOKEN_LIFETIME_MS = 210_000;

/**
 * The headers that open Zhipu’s servers: the key as it is, or, in the dialect `glm-jwt`, a token signed with its second half,
 * made anew for each request so that it is never old. Throws `….key-refused` for a key that cannot sign.
 */
export function glmHeaders(
  { keys, keyName, dialect }: { readonly keys: Keys; readonly keyName: string; readonly dialect: string },
  stage: Peer['stage'],
): () => Record<string, string> {
  const { apiKey } = keys;
  if (apiKey === null) return () => ({});
  if (dialect !== GLM_TOKEN_DIALECT) return () => ({ authorization: `Bearer ${apiKey}` });
  const [, id, secret] = /^([^.]+)\.([^.]+)$/.exec(apiKey) ?? [];
  if (id !== undefined && secret !== undefined) {
    return () => ({ authorization: `Bearer ${glmToken(id, secret, Date.now())}` });
  }
  throw new SensoriumError(
    `${stage}.key-refused`,
    'This key cannot sign: it is not two parts with a dot between them.',
    {
      hint: `Copy the whole key (${keyName}), or use the dialect glm, which sends a key as it is.`,
    },
  );
}

/**
 * The token that stands for a key `id.secret` for three and a half minutes: a JWT with times in milliseconds.
 * Source: zai-org/z-ai-sdk-python d8d898b, `_jwt_token`.
 */
export function glmToken(id: string, secret: string, nowEpochMs: number): string {
  const header = { alg: 'HS256', sign_type: 'SIGN' };
  const payload = { api_key: id, exp: nowEpochMs + TOKEN_LIFETIME_MS, timestamp: nowEpochMs };
  const signed = [header, payload].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

const MEANINGS: readonly (readonly [RegExp, RefusalKind])[] = [
  [/^100[0-5]$|^1220$/, 'key-refused'],
  // 1304 is a day’s share, 1308 to 1321 are windows of hours to months: no retry within seconds helps.
  [/^1113$|^1304$|^13(?:0[89]|1\d|2[01])$/, 'quota-spent'],
  [/^130[235]$/, 'rate-limited'],
  [/^1211$/, 'unknown-model'],
  [/^1261$/, 'too-long'],
  [/^12(?:1[02345]|2[12])$|^1301$/, 'refused'],
  [/^12(?:00|30|34)$/, 'upstream-failed'],
];

/** What Zhipu’s own table says of a refusal; its codes are strings of four digits (docs.bigmodel.cn/cn/faq/api-code). */
export function glmMeaning({ marks }: Refusal): RefusalKind | undefined {
  const code = /^\d{4}(?=\s|$)/.exec(marks)?.[0] ?? '';
  return MEANINGS.find(([codes]) => codes.test(code))?.[1];
}
