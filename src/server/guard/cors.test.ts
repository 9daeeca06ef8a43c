import { expect, it } from 'vitest';
import { corsHeaders, originSet, preflight } from './cors.ts';
import { securityHeaders } from './headers.ts';

const origins = originSet(['https://app.example.com']);
const question = (headers: Record<string, string>, method = 'OPTIONS') => ({
  method,
  path: '/v1/chat/completions',
  remote: '127.0.0.1',
  headers: { origin: 'https://app.example.com', 'access-control-request-method': 'POST', ...headers },
});

it('answers a configured page’s question with what it asked for, and never lets cookies in', () => {
  const answer = preflight(question({ 'access-control-request-headers': 'authorization,x-stainless-os' }), origins);
  expect(answer).toMatchObject({
    'access-control-allow-origin': 'https://app.example.com',
    'access-control-allow-headers': 'authorization,x-stainless-os',
    vary: expect.stringContaining('Origin'),
  });
  expect(answer).not.toHaveProperty('access-control-allow-credentials');
});

it('refuses every other page’s question, all of them by default', () => {
  const refused = expect.objectContaining({ code: 'server.origin-refused' });
  expect(() => preflight(question({ origin: 'https://evil.example' }), origins)).toThrow(refused);
  expect(() => preflight(question({}), originSet([]))).toThrow(refused);
});

it('is silent where nobody asked', () => {
  expect(preflight(question({}, 'POST'), origins)).toBeNull();
  expect(preflight({ ...question({}), headers: { origin: 'https://app.example.com' } }, origins)).toBeNull();
  expect(corsHeaders({ headers: {} }, originSet([]))).toEqual({});
});

it('lets only configured pages read answers, and caches know that it depends', () => {
  expect(corsHeaders({ headers: { origin: 'https://app.example.com' } }, origins)).toMatchObject({
    'access-control-allow-origin': 'https://app.example.com',
    vary: 'Origin',
  });
  expect(corsHeaders({ headers: { origin: 'https://evil.example' } }, origins)).toEqual({ vary: 'Origin' });
});

it.each(['*', 'app.example.com', 'https://app.example.com/page', 'https://*.example.com', 'null', ''])(
  'refuses %j as an origin in the configuration',
  (origin) => {
    expect(() => originSet([origin])).toThrow(expect.objectContaining({ code: 'config.invalid' }));
  },
);

it('takes origins as people write them, and those of apps', () => {
  expect([...originSet(['HTTPS://App.Example.com/', 'chrome-extension://abcdef', 'http://localhost:3000'])]).toEqual([
    'https://app.example.com',
    'chrome-extension://abcdef',
    'http://localhost:3000',
  ]);
});

it('strict transport goes only where it came over TLS, never to localhost', () => {
  const strict = (headers: Record<string, string>) => 'strict-transport-security' in securityHeaders({ headers });
  expect(strict({ host: 'api.example.com', 'x-forwarded-proto': 'https' })).toBe(true);
  expect(strict({ host: 'localhost:8600', 'x-forwarded-proto': 'https' })).toBe(false);
  expect(strict({ host: 'api.example.com' })).toBe(false);
});

it('every answer tells browsers to keep their hands off', () => {
  expect(securityHeaders({ headers: {} })).toMatchObject({
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'content-security-policy': expect.stringContaining("default-src 'none'"),
    'cache-control': 'no-store',
  });
});
