import { describe, expect, it } from 'vitest';
import { AST, signedByQuery } from './ast.ts';

describe('signedByQuery', () => {
  it('gives the signature that another implementation gives', () => {
    const secrets = {
      appId: 'app1',
      apiKey: 'testkey0000000000000000000000001',
      apiSecret: 'testsecret00000000000000000000001',
    };
    const signed = signedByQuery(
      new URL('wss://office-api-ast-dx.iflyaisol.com/ast/communicate/v1'),
      secrets,
      new Date('2019-07-10T07:35:43Z'),
      '00000000-0000-4000-8000-000000000001',
    );
    expect(signed.searchParams.get('utc')).toBe('2019-07-10T15:35:43+0800');
    // Made with Python's hmac, hashlib and urllib.parse.
    expect(signed.searchParams.get('signature')).toBe('5QACaAy5693CWelNcvnjnNWY748=');
  });
});

describe('AST', () => {
  const segment = (type: string, text: string) => ({
    seg_id: 0,
    cn: { st: { type, rt: [{ ws: [{ cw: [{ w: text }] }] }] } },
  });

  it('keeps what is final, and of the rest only the latest', () => {
    const text = AST.dictated();
    const shown = [
      segment('1', '侬'),
      segment('1', '侬号'),
      segment('0', '侬好'),
      segment('1', '阿'),
      segment('1', '啊'),
    ].map((one) => {
      text.take(one);
      return text.text;
    });
    expect(shown).toEqual(['侬', '侬号', '侬好', '侬好阿', '侬好啊']);
  });
});
