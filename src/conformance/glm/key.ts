import { createHmac } from 'node:crypto';
import { check, type Request } from '../server.ts';
import { refusal } from './errors.ts';

const ID = 'opaque-glm-0123456789';
const SECRET = 'opaque/secret-9876543210';

/** A made-up key in the two parts that Zhipu’s keys have. */
export const GLM_TEST_KEY = `${ID}.${SECRET}`;

/** Zhipu’s refusals of a key never repeat it; this one does, so that hiding it can be proven. */
export const BAD_KEY = refusal(1000, `身份验证失败。${GLM_TEST_KEY}`);

/** Checks that a request comes with the key, or with a token that the key signed and that has not expired. */
export function checkKey({ headers }: Request): void {
  const { authorization } = headers;
  check(authorization !== undefined, 'no authorization', refusal(1001));
  const sent = /^Bearer (\S+)$/.exec(authorization)?.[1];
  check(sent !== undefined, 'an authorization that is no bearer token', refusal(1000));
  if (sent === GLM_TEST_KEY) return;
  const parts = sent.split('.');
  check(parts.length === 3, 'another key', BAD_KEY);
  const [header = '', payload = '', signature = ''] = parts;
  const expected = createHmac('sha256', SECRET).update(`${header}.${payload}`).digest('base64url');
  check(signature === expected, 'a token that another secret signed', refusal(1000));
  const { alg, sign_type } = decoded(header);
  check(alg === 'HS256' && sign_type === 'SIGN', 'a token with another header', refusal(1000));
  const { api_key, exp, timestamp } = decoded(payload);
  check(api_key === ID, 'a token of another key', refusal(1000));
  check(Number.isInteger(exp) && Number.isInteger(timestamp), 'a token without times', refusal(1000));
  // Both are milliseconds: a time in seconds lies in 1970.
  check(Number(exp) > Date.now(), 'a token that has expired', refusal(1003));
  check(Number(exp) > Number(timestamp), 'a token that expires before it begins', refusal(1000));
}

function decoded(part: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch {
    check(false, 'a token whose parts are not JSON', refusal(1000));
  }
}
