import { describe, expect, it } from 'vitest';
import { heardIn } from './answer.ts';
import { refusedField } from './form.ts';

const words = (...told: (readonly [word: string, probability?: number | undefined])[]) =>
  told.map(([word, probability], at) => ({
    word,
    start: at,
    end: at + 1,
    ...(probability === undefined ? {} : { probability }),
  }));

describe('an answer of a transcription server', () => {
  it('gives words the marks they have in the text', () => {
    const heard = heardIn([{ text: '“Well, yes!” 好。', words: words([' Well'], [' yes'], ['好']) }]);
    expect(heard?.words?.map(({ text }) => text)).toEqual(['“Well,', 'yes!”', '好。']);
  });

  it('leaves words as they are that are not in the text', () => {
    const heard = heardIn([{ text: 'It is 3.', words: words(['It'], ['is'], ['three']) }]);
    expect(heard?.words?.map(({ text }) => text)).toEqual(['It', 'is', 'three']);
  });

  it('takes probabilities of words from whoever measures them, and constants for none', () => {
    const heardWith = (...values: number[]) =>
      heardIn([
        {
          text: 'a b c d',
          segments: [{ words: words(['a', values[0]], ['b', values[1]], ['c', values[2]], ['d', values[3]]) }],
        },
      ])?.words?.map(({ probability }) => probability);
    expect(heardWith(0.9, 0.8, 0.7, 1)).toEqual([0.9, 0.8, 0.7, 1]);
    for (const values of [
      [1, 1, 1, 1],
      [0, 0, 0, 0],
      [0.5, 0.5, 0.5, 0.5],
      [0.9, 0.8, 7, 0.1],
    ]) {
      expect(heardWith(...values)).toEqual([null, null, null, null]);
    }
  });

  it('puts a character together that is cut between two tokens', () => {
    const [first, second] = [[0xe5, 0xa5], [0xbd]];
    const logprobs = [
      { token: '你', logprob: -0.1, bytes: [...Buffer.from('你')] },
      { token: '\\xe5\\xa5', logprob: -0.25, bytes: first },
      { token: '\\xbd', logprob: -0.5, bytes: second },
    ];
    expect(heardIn([{ text: '你好', logprobs }])?.tokens).toEqual([
      { text: '你', logprob: -0.1 },
      { text: '好', logprob: -0.75 },
    ]);
  });

  it('has no tokens where they do not spell the text, or all have one figure that nobody measures', () => {
    expect(heardIn([{ text: 'yes', logprobs: [{ token: 'no', logprob: -0.3 }] }])?.tokens).toBeUndefined();
    expect(heardIn([{ text: 'yes', logprobs: [{ token: 'yes', logprob: 0 }] }])?.tokens).toBeUndefined();
    expect(heardIn([{ text: 'yes', logprobs: [{ token: 'yes' }] }])?.tokens).toBeUndefined();
  });

  it('weighs the figures of segments by their tokens, or does not say', () => {
    const of = (...segments: object[]) => heardIn([{ text: 'a', segments }])?.meanLogprob;
    expect(of({ avg_logprob: -0.2, tokens: [1] }, { avg_logprob: -0.4, tokens: [1, 2, 3] })).toBeCloseTo(-0.35);
    expect(of({ avg_logprob: -0.2 }, { avg_logprob: -0.4 })).toBeNull();
    expect(of({ avg_logprob: -0.2 }, { avg_logprob: -0.2 })).toBe(-0.2);
    for (const nobody of [0, -1, 0.5, null]) expect(of({ avg_logprob: nobody }, { avg_logprob: nobody })).toBeNull();
  });

  it('names the language by its tag', () => {
    const language = (told: unknown) => heardIn([{ text: 'a', language: told }])?.language;
    expect(['Chinese', 'english', 'zh', 'pt-BR', 'klingon', 3].map(language)).toEqual([
      'zh',
      'en',
      'zh',
      'pt-BR',
      undefined,
      undefined,
    ]);
  });

  it('is none without a text', () => {
    for (const messages of [[], [null], [{}], [{ text: 3 }]]) expect(heardIn(messages)).toBeNull();
    expect(heardIn([{ text: '' }])?.text).toBe('');
  });
});

it('learns the field a refusal is about, and nothing from others', () => {
  const sent = [
    ['model', 'm'],
    ['response_format', 'verbose_json'],
    ['include[]', 'logprobs'],
  ] as const;
  expect(refusedField({ message: "Unknown parameter: 'include[]'.", param: 'include[]' }, sent)).toBe('include');
  expect(refusedField({ message: 'Currently do not support `verbose_json`; only support json' }, sent)).toBe(
    'response_format',
  );
  expect(refusedField({ message: 'response_format is not supported' }, [['response_format', 'json']])).toBeNull();
  expect(refusedField({ message: 'The file is broken' }, sent)).toBeNull();
  expect(refusedField({ message: 'This model is not supported' }, sent)).toBeNull();
});
