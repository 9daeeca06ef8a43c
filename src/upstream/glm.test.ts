import { describe, expect, it } from 'vitest';
import { glmHeaders, glmMeaning, glmToken } from './glm.ts';

const open = (apiKey: string | null, dialect: string) => ({
  keys: { apiKey, apiSecret: null, appId: null },
  keyName: 'ZHIPUAI_API_KEY',
  dialect,
});

describe('glmToken', () => {
  it('signs the golden vector (G1)', () => {
    expect(glmToken('testid', 'testsecret', 1_700_000_000_000)).toBe(
      'eyJhbGciOiJIUzI1NiIsInNpZ25fdHlwZSI6IlNJR04ifQ.eyJhcGlfa2V5IjoidGVzdGlkIiwiZXhwIjoxNzAwMDAwMjEwMDAwLCJ0aW1lc3RhbXAiOjE3MDAwMDAwMDAwMDB9.PYk0dfQYXeJL7KgTOfFWzlf2X8PUU1uDBwp3IXfgt2k',
    );
  });
});

describe('glmHeaders', () => {
  it('sends the key as it is, a token in its place where that is wanted, and nothing without a key', () => {
    expect(glmHeaders(open('id.secret', 'glm'), 'ask')()).toEqual({ authorization: 'Bearer id.secret' });
    const { authorization } = glmHeaders(open('id.secret', 'glm-jwt'), 'ask')();
    expect(authorization).toMatch(/^Bearer [\w-]+\.[\w-]+\.[\w-]+$/);
    expect(authorization).not.toContain('secret');
    expect(glmHeaders(open(null, 'glm-jwt'), 'ask')()).toEqual({});
  });

  it('refuses a key that cannot sign, without repeating it', () => {
    for (const key of ['onlyonepart', 'a.b.c', '.secret', 'id.']) {
      expect(() => glmHeaders(open(key, 'glm-jwt'), 'hear')).toThrow(
        expect.objectContaining({ code: 'hear.key-refused', message: expect.not.stringContaining(key) }),
      );
    }
  });
});

describe('glmMeaning', () => {
  it.each([
    ['1000 ', 'key-refused'],
    ['1003 ', 'key-refused'],
    ['1220', 'key-refused'],
    ['1113 ', 'quota-spent'],
    ['1304 ', 'quota-spent'],
    ['1308 ', 'quota-spent'],
    ['1321 ', 'quota-spent'],
    ['1302 ', 'rate-limited'],
    ['1305 ', 'rate-limited'],
    ['1211 ', 'unknown-model'],
    ['1261 ', 'too-long'],
    ['1210 ', 'refused'],
    ['1214 ', 'refused'],
    ['1301 ', 'refused'],
    ['1234 ', 'upstream-failed'],
    ['1322 ', undefined],
    ['11130', undefined],
    ['rate_limit 1302', undefined],
  ])('%s means %s', (marks, meaning) => {
    expect(glmMeaning({ status: 400, message: '', marks })).toBe(meaning);
  });
});
