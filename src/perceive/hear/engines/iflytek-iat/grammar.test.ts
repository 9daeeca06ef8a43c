import { describe, expect, it } from 'vitest';
import { hotWords } from './grammar.ts';

describe('hotWords', () => {
  it('takes the words out of a prompt, each once', () => {
    expect(hotWords('讯飞, 星火。讯飞 it’s e-mail!')).toEqual({
      text: 'dhw=db_utf-8;讯飞|星火|it’s|e-mail',
      leftOut: 0,
    });
  });

  it('has nothing for a prompt without a word', () => {
    expect(hotWords('… ！')).toEqual({ text: '', leftOut: 0 });
    expect(hotWords('长'.repeat(1_100))).toEqual({ text: '', leftOut: 1 });
  });

  it('counts the words there is no room for', () => {
    const { text, leftOut } = hotWords(Array.from({ length: 400 }, (_, at) => `w${at}`).join(' '));
    expect(text.length).toBeLessThanOrEqual(1_024);
    expect(text.split('|').length + leftOut).toBe(400);
    expect(leftOut).toBeGreaterThan(0);
  });
});
