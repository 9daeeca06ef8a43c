import fc from 'fast-check';
import { expect, it } from 'vitest';
import { scoreVerbatim, verbatimTogether } from './verbatim.ts';

const zh = (reference: string, hypothesis: string) =>
  scoreVerbatim(reference, hypothesis, { unit: 'character', language: 'zh' });
const en = (reference: string, hypothesis: string) =>
  scoreVerbatim(reference, hypothesis, { unit: 'word', language: 'en' });

it('counts particles that were lost, added and swapped', () => {
  expect(zh('好吧，你去吗？我去呢。', '好啊你去吗我去')).toMatchObject({
    particles: { said: 3, written: 2, kept: 1, recall: 1 / 3, precision: 1 / 2 },
    swaps: [{ said: '吧', written: '啊', count: 1 }],
  });
  expect(zh('我们去酒吧', '我们去酒店').particles).toEqual({
    ...{ said: 0, written: 0, kept: 0 },
    ...{ recall: null, precision: null },
  });
  expect(zh('走', '走吧').particles).toMatchObject({ said: 0, written: 1, recall: null, precision: 0 });
});

it('counts fillers and repetitions that were tidied away', () => {
  expect(zh('嗯我我我想去', '我想去')).toMatchObject({
    fillers: { said: 1, written: 0, recall: 0, precision: null },
    repetitions: { said: 2, written: 0, kept: 0 },
    deletions: 3,
  });
  expect(en('Um, I want to, I want to go. Uh-huh.', 'um I want to go uh-huh')).toMatchObject({
    fillers: { said: 2, written: 2, kept: 2 },
    repetitions: { said: 3, kept: 0 },
  });
  // A comma and a capital are errors word for word, but no lost filler.
  expect(en('Um, yes.', 'um yes').substitutions).toBe(2);
});

it('knows what is said in both of two languages', () => {
  const score = scoreVerbatim('um 我 觉得 okay 吧', '我 觉得 okay 吧', { unit: 'mixed', language: 'zh+en' });
  expect(score).toMatchObject({ fillers: { said: 1, kept: 0 }, particles: { said: 1, kept: 1 } });
});

it('scores tags in brackets apart', () => {
  const score = zh('[笑声]好吧[叹气]', '好吧[叹气]');
  expect(score.tags).toEqual({ substitutions: 0, deletions: 1, insertions: 0, hits: 1 });
  expect(score.tagErrorRate).toBe(0.5);
  expect(score.particles.kept).toBe(1);
  expect(zh('好吧', '好吧').tagErrorRate).toBeNull();
  expect(en('<noise/> go home [laughter]', 'go home [Laughter]').tagErrorRate).toBe(0.5);
});

it('loses nothing where nothing was lost, and averages over everything', () => {
  const texts = fc.string({
    unit: fc.constantFrom('好', '吧', '啊', '嗯', '我', '，', '[笑]', ' ', 'u', 'm'),
    maxLength: 20,
  });
  fc.assert(
    fc.property(texts, texts, (a, b) => {
      const same = zh(a, a);
      for (const kept of [same.particles, same.fillers, same.repetitions]) expect(kept.kept).toBe(kept.said);
      expect([same.errorRate, same.tagErrorRate ?? 0, same.swaps.length]).toEqual([0, 0, 0]);
      const [one, other] = [zh(a, b), zh(b, a)];
      const both = verbatimTogether([one, other]);
      expect(both.particles.said).toBe(one.particles.said + other.particles.said);
      expect(both.particles.written).toBe(both.particles.said);
      expect(both.hits).toBe(one.hits + other.hits);
    }),
  );
});
