import { describe, expect, it } from 'vitest';
import type { Recogniser } from '#contract/ports.ts';
import { heardBy, saying, speech } from './__fixtures__/hearing.ts';

/** Tells one language, as sure as it is told to be. */
const identifying = (language: string, probability: number) => async () => ({
  id: 'ears',
  identify: async () => [{ language, probability }],
});

describe('a recogniser that knows only some languages', () => {
  const english = saying([['hello there', -0.1]]);

  it('refuses what is spoken in another, before it can invent words', async () => {
    const identifier = identifying('zh', 0.97);
    await expect(heardBy(english, speech, undefined, { identifier })).rejects.toMatchObject({
      code: 'hear.language-unsupported',
      details: { language: 'zh', recogniser: 'scripted', probability: 0.97 },
    });
  });

  it('hears what is probably its own, or declared to be, and what nobody is sure of', async () => {
    const own = await heardBy(english, speech, undefined, { identifier: identifying('en', 0.9) });
    expect(own.transcript).toMatchObject({ language: 'en', languageSource: 'identified:ears', text: 'hello there' });
    const unsure = await heardBy(english, speech, undefined, { identifier: identifying('zh', 0.4) });
    expect(unsure.transcript).toMatchObject({ languageSource: 'only-language:scripted' });
    const declared = await heardBy(english, speech, 'en', { identifier: identifying('zh', 0.99) });
    expect(declared.transcript).toMatchObject({ language: 'en', languageSource: 'declared' });
  });
});

it('takes the language of most of the words where the recogniser tells it', async () => {
  const bilingual = saying(
    [
      ['你 好 世 界', -0.1],
      ['hi', -0.1],
    ],
    'any',
  );
  const telling: Recogniser = {
    ...bilingual,
    async *hear(recording, context) {
      for await (const segment of bilingual.hear(recording, context)) {
        yield { ...segment, language: /hi/.test(segment.text) ? 'en' : 'zh', languageProbability: 0.9 };
      }
    },
  };
  const { transcript } = await heardBy(telling);
  expect(transcript).toMatchObject({ language: 'zh', languageSource: 'identified:scripted' });
  expect(transcript.segments.map(({ language }) => language)).toEqual(['zh', 'en']);
});
