import { describe, expect, it } from 'vitest';
import { ringWith } from './__fixtures__/keyring.ts';
import type { Arrival, Entrance } from './arrival.ts';
import { originSet } from './cors.ts';
import { admit } from './enter.ts';

const open: Entrance = { keyring: ringWith(), loopback: true, host: '127.0.0.1', corsOrigins: new Set() };
const closed: Entrance = { ...open, keyring: ringWith('good'), loopback: false, host: '0.0.0.0' };

function arrival(headers: Arrival['headers'], rest: Partial<Arrival> = {}): Arrival {
  return {
    method: 'POST',
    path: '/v1/chat/completions',
    remote: '127.0.0.1',
    ...rest,
    headers: { host: '127.0.0.1:8600', ...headers },
  };
}

/** The id of who was let in, `-` for nobody in particular, or the code of the refusal. */
function outcome(one: Arrival, entrance: Entrance): string {
  try {
    return admit(one, entrance)?.id ?? '-';
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe('without keys, on loopback', () => {
  it.each<[string, Arrival, string]>([
    ['anyone here', arrival({}), 'anyone'],
    ['a client that sends some key anyway', arrival({ authorization: 'Bearer unused' }), 'anyone'],
    ['by another loopback name', arrival({ host: 'localhost:8600' }), 'anyone'],
    ['by the other loopback address', arrival({ host: '[::1]:8600' }), 'anyone'],
    ['a page that gave its name our address', arrival({ host: 'evil.example:8600' }), 'server.origin-refused'],
    [
      'such a page with its own origin',
      arrival({ host: 'evil.example', origin: 'http://evil.example' }),
      'server.origin-refused',
    ],
    ['no host at all', arrival({ host: undefined }), 'server.origin-refused'],
    ['health under a foreign name', arrival({ host: 'evil.example' }, { path: '/healthz' }), 'server.origin-refused'],
    ['through a proxy', arrival({ 'x-forwarded-for': '203.0.113.9' }), 'server.key-missing'],
    ['metrics', arrival({}, { path: '/metrics', method: 'GET' }), '-'],
    ['metrics through a proxy', arrival({ forwarded: 'for=203.0.113.9' }, { path: '/metrics' }), 'server.key-missing'],
  ])('%s', (_what, one, expected) => {
    expect(outcome(one, open)).toBe(expected);
  });

  it('answers to the configured host as well', () => {
    expect(outcome(arrival({ host: 'My-Box:8600' }), { ...open, host: 'my-box' })).toBe('anyone');
  });

  it('beyond loopback nobody gets in, whatever started it', () => {
    expect(outcome(arrival({}), { ...open, loopback: false })).toBe('server.key-missing');
  });
});

describe('with keys', () => {
  it.each<[string, Arrival, string]>([
    ['a bearer', arrival({ authorization: 'Bearer good' }), 'good'],
    ['a bearer in small letters', arrival({ authorization: 'bearer good' }), 'good'],
    ['x-api-key', arrival({ 'x-api-key': 'good' }), 'good'],
    ['api-key', arrival({ 'api-key': 'good' }), 'good'],
    ['under any host name', arrival({ authorization: 'Bearer good', host: 'api.example.com' }), 'good'],
    ['a wrong key', arrival({ authorization: 'Bearer bad' }), 'server.key-refused'],
    [
      'a wrong bearer beside a good x-api-key',
      arrival({ authorization: 'Bearer bad', 'x-api-key': 'good' }),
      'server.key-refused',
    ],
    ['another scheme', arrival({ authorization: 'Basic good' }), 'server.key-missing'],
    ['an empty bearer', arrival({ authorization: 'Bearer ' }), 'server.key-missing'],
    ['two words', arrival({ authorization: 'Bearer good good' }), 'server.key-missing'],
    ['an empty x-api-key', arrival({ 'x-api-key': '' }), 'server.key-missing'],
    ['nothing', arrival({}), 'server.key-missing'],
    ['a key in the query', arrival({}, { path: '/v1/models?api_key=good' }), 'server.key-missing'],
    ['health', arrival({}, { path: '/healthz', method: 'GET', remote: '203.0.113.9' }), '-'],
    ['readiness with a query', arrival({}, { path: '/readyz?verbose', method: 'GET' }), '-'],
    ['something that only begins like health', arrival({}, { path: '/healthz/../v1/models' }), 'server.key-missing'],
    ['metrics from here', arrival({}, { path: '/metrics' }), '-'],
    [
      'metrics from here under a foreign name',
      arrival({ host: 'evil.example' }, { path: '/metrics' }),
      'server.origin-refused',
    ],
    ['metrics from elsewhere', arrival({}, { path: '/metrics', remote: '203.0.113.9' }), 'server.key-missing'],
    [
      'metrics from elsewhere through a proxy here',
      arrival({ 'x-forwarded-for': '203.0.113.9' }, { path: '/metrics' }),
      'server.key-missing',
    ],
    [
      'metrics from elsewhere with a key',
      arrival({ authorization: 'Bearer good' }, { path: '/metrics', remote: '203.0.113.9' }),
      '-',
    ],
  ])('%s', (_what, one, expected) => {
    expect(outcome(one, closed)).toBe(expected);
  });

  it('loopback needs one too', () => {
    expect(outcome(arrival({}), { ...closed, loopback: true })).toBe('server.key-missing');
  });
});

describe('web pages', () => {
  const friendly: Entrance = { ...open, corsOrigins: originSet(['https://app.example.com/']) };
  const navigation = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };

  it.each<[string, Arrival, string]>([
    ['a page of ours', arrival({ origin: 'http://127.0.0.1:8600', 'sec-fetch-site': 'same-origin' }), 'anyone'],
    ['a configured one', arrival({ origin: 'https://app.example.com', 'sec-fetch-site': 'cross-site' }), 'anyone'],
    ['an address typed in', arrival({ 'sec-fetch-site': 'none' }, { method: 'GET' }), 'anyone'],
    ['a link followed', arrival(navigation, { method: 'GET' }), 'anyone'],
    ['a form posted', arrival({ ...navigation, origin: 'https://evil.example' }), 'server.origin-refused'],
    ['a form posted by a browser that hides the origin', arrival(navigation), 'server.origin-refused'],
    ['a hostile page', arrival({ origin: 'https://evil.example' }), 'server.origin-refused'],
    [
      'a plain-text post',
      arrival({ origin: 'https://evil.example', 'content-type': 'text/plain' }),
      'server.origin-refused',
    ],
    [
      'a multipart post',
      arrival({ origin: 'https://evil.example', 'content-type': 'multipart/form-data; boundary=x' }),
      'server.origin-refused',
    ],
    ['a sandboxed page', arrival({ origin: 'null' }), 'server.origin-refused'],
    ['another port of this machine', arrival({ origin: 'http://127.0.0.1:3000' }), 'server.origin-refused'],
    ['the configured host in plain HTTP', arrival({ origin: 'http://app.example.com' }), 'server.origin-refused'],
    ['a name that ends like it', arrival({ origin: 'https://app.example.com.evil.example' }), 'server.origin-refused'],
    [
      'a picture',
      arrival(
        { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' },
        { method: 'GET' },
      ),
      'server.origin-refused',
    ],
    ['a frame', arrival({ ...navigation, 'sec-fetch-dest': 'iframe' }, { method: 'GET' }), 'server.origin-refused'],
    ['another subdomain', arrival({ 'sec-fetch-site': 'same-site' }, { method: 'GET' }), 'server.origin-refused'],
  ])('%s', (_what, one, expected) => {
    expect(outcome(one, friendly)).toBe(expected);
  });

  it('a hostile page is refused even with a good key, and even at health', () => {
    expect(outcome(arrival({ origin: 'https://evil.example', authorization: 'Bearer good' }), closed)).toBe(
      'server.origin-refused',
    );
    expect(outcome(arrival({ origin: 'https://evil.example' }, { path: '/healthz' }), closed)).toBe(
      'server.origin-refused',
    );
  });
});
