import { describe, expect, it } from 'vitest';
import type { Word } from '#contract/perception.ts';
import { scriptWriter } from './chinese-script.ts';
import { segmentFrom } from './segment.ts';

const word = (text: string, at: number): Word => ({
  ...{ text, startMs: at * 100, endMs: at * 100 + 90, confidence: 0.9, confidenceSource: 'test' },
  ...{ timeSource: 'interpolated', tokens: [{ id: at, text, logprob: -0.1 }] },
});
const segment = (...words: string[]) => segmentFrom(words.map(word));

describe('scriptWriter', () => {
  it('writes words in the script that is wanted, keeps the tokens, and says what it changed', async () => {
    const writer = await scriptWriter('simplified');
    const written = writer.write(segment('頭', '髮', '發', '現', 'OK'));
    expect(written.words.map(({ text }) => text)).toEqual(['头', '发', '发', '现', 'OK']);
    expect(written.text).toBe('头发发现OK');
    expect(written.words[0]?.tokens[0]?.text).toBe('頭');
    expect(writer.changed()).toBe('頭髮發現');
  });

  it('knows words: one simplified character becomes the traditional one of its word', async () => {
    const writer = await scriptWriter('traditional');
    expect(writer.write(segment('头', '发', '发', '现')).text).toBe('頭髮發現');
    expect(writer.write(segment('皇', '后')).text).toBe('皇后');
  });

  it('leaves what is in that script already as it is', async () => {
    const writer = await scriptWriter('simplified');
    const own = segment('你', '好', 'hello');
    expect(writer.write(own)).toBe(own);
    expect(writer.changed()).toBe('');
  });
});
