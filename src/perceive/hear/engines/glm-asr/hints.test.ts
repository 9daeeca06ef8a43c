import { describe, expect, it } from 'vitest';
import { hintsOf } from './hints.ts';

describe('hintsOf', () => {
  it.each([
    ['智谱、GLM；清华大学', ['智谱', 'GLM', '清华大学']],
    ['Zhang San, Li Si,Zhang San.', ['Zhang San', 'Li Si']],
    ['Popocatépetl 好 🐟', ['Popocatépetl 好 🐟']],
  ])('%s is a list of terms', (prompt, hotwords) => {
    expect(hintsOf(prompt)).toEqual({ hotwords, prompt: undefined, leftOut: null });
  });

  it.each(['你好。我们走吧', 'Yesterday we spoke about money, and the weather', 'Well! Go on'])(
    '%s is prose',
    (prompt) => {
      expect(hintsOf(prompt)).toEqual({ hotwords: [], prompt, leftOut: null });
    },
  );

  it('nothing is sent without words, which is told where there was a prompt', () => {
    expect(hintsOf(undefined)).toEqual({ hotwords: [], prompt: undefined, leftOut: null });
    expect(hintsOf('…')).toEqual({ hotwords: [], prompt: undefined, leftOut: 'The prompt has no words in it.' });
  });

  it('of what is too long the end counts, and the rest is told', () => {
    const terms = Array.from({ length: 102 }, (_, at) => `t${at}`);
    expect(hintsOf(terms.join('，'))).toMatchObject({
      hotwords: terms.slice(2),
      leftOut: expect.stringContaining('first 2'),
    });
    const prose = `开始。${'很长的一句话。'.repeat(1_200)}`;
    const { prompt = '', leftOut } = hintsOf(prose);
    expect([...prompt]).toHaveLength(7_999);
    expect(prose.endsWith(prompt)).toBe(true);
    expect(leftOut).toContain(`first ${prose.length - 7_999}`);
  });
});
