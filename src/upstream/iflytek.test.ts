import { describe, expect, it } from 'vitest';
import { base64Bytes, placeOf, signedUrl } from './iflytek.ts';

describe('signedUrl', () => {
  const keys = { apiKey: 'testkey0000000000000000000000001', apiSecret: 'testsecret00000000000000000000001' };
  const date = new Date('2019-07-10T07:35:43Z');

  it('I1: gives the golden signature', () => {
    const { searchParams } = signedUrl(new URL('wss://iat-api.xfyun.cn/v2/iat'), keys, date);
    expect(Object.fromEntries(searchParams)).toEqual({
      authorization:
        'YXBpX2tleT0idGVzdGtleTAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDEiLCBhbGdvcml0aG09ImhtYWMtc2hhMjU2IiwgaGVhZGVycz0iaG9zdCBkYXRlIHJlcXVlc3QtbGluZSIsIHNpZ25hdHVyZT0id2h2MVJNRVRSN2J6Wm5DZjhwNjBvR1lUTnp4Q1V4QU1YMThINnErME9Sdz0i',
      date: 'Wed, 10 Jul 2019 07:35:43 GMT',
      host: 'iat-api.xfyun.cn',
    });
  });

  it('signs the host and path that are called, with their port', () => {
    const urls = ['ws://127.0.0.1:8080/v2/iat', 'ws://127.0.0.1:8081/v2/iat', 'ws://127.0.0.1:8080/v2/tts'];
    const signed = urls.map((url) => signedUrl(new URL(url), keys, date).searchParams);
    expect(new Set(signed.map((query) => query.get('authorization'))).size).toBe(3);
    expect(signed[0]?.get('host')).toBe('127.0.0.1:8080');
  });
});

describe('placeOf', () => {
  it('leaves each service where the vendor has it, and finds it below any other base', () => {
    const place = (base: string) => placeOf('wss://iat-api.xfyun.cn/v2/iat', new URL(base)).href;
    expect(place('https://spark-api.xf-yun.com')).toBe('wss://iat-api.xfyun.cn/v2/iat');
    expect(place('https://iat-niche-api.xfyun.cn')).toBe('wss://iat-niche-api.xfyun.cn/v2/iat');
    expect(place('http://127.0.0.1:9000/mirror/')).toBe('ws://127.0.0.1:9000/mirror/v2/iat');
  });
});

describe('base64Bytes', () => {
  it('takes the standard kind, padded, and nothing else', () => {
    expect(base64Bytes('5LuK')?.toString('utf8')).toBe('今');
    expect(base64Bytes('')?.length).toBe(0);
    for (const text of ['5Lu', '5L-K', '5LuK\n', '=====', null, 7]) expect(base64Bytes(text)).toBeNull();
  });
});
