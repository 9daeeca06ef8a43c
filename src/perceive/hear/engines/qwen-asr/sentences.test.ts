import { expect, it } from 'vitest';
import { sentences } from './sentences.ts';

const word = (text: string, begin_time: number, punctuation?: string) => ({
  text,
  begin_time,
  end_time: begin_time + 100,
  punctuation,
});
const told = (text: string, words: object[], end_time: number | null, sentence_end = end_time !== null) => ({
  sentence: { text, words, begin_time: 0, end_time, sentence_end },
});

it('replaces a sentence until it is final, and puts final ones together', () => {
  const heard = sentences();
  heard.take(told('Good', [word('Good', 0)], null));
  heard.take(told('Good day.', [word('Good', 0), word('day', 100, '.')], 200));
  heard.take(told('How are', [word('How', 300), word('are', 400)], null));
  // An end without a time is not one yet.
  heard.take(told('How are you?', [word('How', 300), word('are', 400), word('you', 500, '?')], null, true));
  expect(heard.whole()).toEqual({
    text: 'Good day. How are you?',
    words: [
      { text: 'Good', startMs: 0, endMs: 100 },
      { text: 'day.', startMs: 100, endMs: 200 },
      { text: 'How', startMs: 300, endMs: 400 },
      { text: 'are', startMs: 400, endMs: 500 },
      { text: 'you?', startMs: 500, endMs: 600 },
    ],
  });
});

it('puts no space between sentences that are written without', () => {
  const heard = sentences();
  heard.take(told('你好。', [], 200));
  heard.take(told('再见。', [], 400));
  expect(heard.whole().text).toBe('你好。再见。');
});

it('gives no times where the words do not spell the text', () => {
  const heard = sentences();
  heard.take(told('你好。', [word('你', 0)], 200));
  expect(heard.whole()).toEqual({ text: '你好。' });
});

it('has nothing to say of results without a sentence', () => {
  const heard = sentences();
  heard.take({});
  heard.take({ sentence: { words: [null, 3, { text: 'a' }] } });
  expect(heard.whole().text).toBe('');
});
