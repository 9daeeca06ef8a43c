import { describe, expect, it } from 'vitest';
import type { Known } from '#contract/capabilities.ts';
import type { LanguageIdentifier, Recogniser } from '#contract/ports.ts';
import { particlesIn } from '#words/index.ts';
import { heardBy, saying, speech } from './__fixtures__/hearing.ts';
import { segmentOf } from './segment.ts';

/** A recogniser that keeps the prompts it is given. */
function prompted(prompt: Known, language: string | null) {
  const prompts: (string | undefined)[] = [];
  const plain = saying([['hello', -0.1]], 'any');
  const identifier: LanguageIdentifier = {
    id: 'ear',
    identify: async () => (language === null ? [] : [{ language, probability: 0.9 }]),
  };
  const recogniser: Recogniser = {
    ...plain,
    capabilities: { ...plain.capabilities, prompt },
    hear(recording, context) {
      prompts.push(recording.prompt);
      return plain.hear(recording, context);
    },
    identifier,
  };
  return { recogniser, prompts };
}

const ignored = (losses: readonly { kind: string; text: string | null }[]) =>
  losses.filter(({ kind, text }) => kind === 'option-ignored' && text === 'verbatim').length;

describe('hearing every word', () => {
  it('is asked for in the language that is spoken, before the caller’s own words', async () => {
    for (const [declared, told, sound] of [
      ['zh', null, '嗯'],
      [undefined, 'en', 'uh'],
      [undefined, 'de', 'ähm'],
      ['fr', null, 'euh'],
      ['ja', null, 'えーと'],
    ] as const) {
      const { recogniser, prompts } = prompted(true, told);
      const { losses } = await heardBy(recogniser, speech, declared, { verbatim: true, prompt: 'Kowalski' });
      expect(prompts[0]?.toLowerCase()).toContain(sound);
      expect(prompts[0]?.endsWith(' Kowalski')).toBe(true);
      expect([...(prompts[0] ?? '')].length).toBeLessThanOrEqual(32 + ' Kowalski'.length);
      expect(particlesIn(prompts[0] ?? '', declared ?? told).length).toBeGreaterThan(0);
      expect(ignored(losses)).toBe(0);
    }
  });

  it('is asked for only where it is wanted', async () => {
    const { recogniser, prompts } = prompted(true, 'en');
    await heardBy(recogniser, speech, 'en', {});
    expect(prompts).toEqual([undefined]);
  });

  it('cannot be asked of a recogniser without prompts, nor in a language nobody has words for', async () => {
    const deaf = prompted(false, 'en');
    const { losses } = await heardBy(deaf.recogniser, speech, 'en', { verbatim: true });
    expect([deaf.prompts, ignored(losses)]).toEqual([[undefined], 1]);
    const foreign = prompted(true, null);
    const other = await heardBy(foreign.recogniser, speech, 'sw', { verbatim: true, prompt: 'Kowalski' });
    expect([foreign.prompts, ignored(other.losses)]).toEqual([['Kowalski'], 1]);
  });
});

it('what a recogniser writes of particles and fillers stays in what is heard', () => {
  const said = ['嗯', '，', '好', '吧', '呢', ' um', ',', ' uh', '-huh', ' hmm'];
  const tokens = said.map((text, id) => ({ id, bytes: new TextEncoder().encode(text), logprob: -0.1 }));
  const heard = segmentOf({ speech: [{ startMs: 0, endMs: 2_000 }], tokens, times: null, confidenceSource: 'made' });
  const counted = Object.fromEntries(particlesIn(heard?.text ?? '').map(({ text, count }) => [text, count]));
  expect(counted).toEqual({ 嗯: 1, 吧: 1, 呢: 1, um: 1, 'uh-huh': 1, hmm: 1 });
});
