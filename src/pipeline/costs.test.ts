import { expect, it } from 'vitest';
import type { Usage } from '#contract/answer.ts';
import { costOfAnswer, costOfEngine } from './costs.ts';

const answer = (usage: Usage | null) => ({ text: '', model: 'm', finishReason: 'stop' as const, usage });
const PRICES = { currency: 'CNY', inputPerMillion: 2, outputPerMillion: 8, date: '2026-11-01' };

it('counts tokens at their price, and says when the price was read', () => {
  const cost = costOfAnswer('qwen:x', answer({ inputTokens: 500_000, outputTokens: 250_000 }), PRICES, false);
  expect(cost).toEqual({
    stage: 'ask',
    engine: 'qwen:x',
    amount: 3,
    currency: 'CNY',
    priceDate: '2026-11-01',
    reason: null,
  });
});

it('prices sound and what was read before apart where they have prices of their own', () => {
  const usage = {
    inputTokens: 1000,
    outputTokens: 100,
    inputAudioTokens: 400,
    outputAudioTokens: 50,
    cachedTokens: 100,
  };
  const amount = (more: object) => costOfAnswer('m', answer(usage), { ...PRICES, ...more }, false).amount;
  expect(amount({})).toBeCloseTo((1000 * 2 + 100 * 8) / 1e6, 12);
  expect(amount({ inputAudioPerMillion: 20, outputAudioPerMillion: 40, cachedPerMillion: 1 })).toBeCloseTo(
    (500 * 2 + 400 * 20 + 100 * 1 + 50 * 8 + 50 * 40) / 1e6,
    12,
  );
});

it('invents no figure: no price or no count is null with the reason', () => {
  expect(costOfAnswer('m', answer({ inputTokens: 1, outputTokens: 1 }), null, false)).toMatchObject({
    amount: null,
    reason: expect.stringContaining('what m costs'),
  });
  expect(costOfAnswer('m', answer(null), PRICES, false)).toMatchObject({ amount: null, currency: null });
  expect(costOfAnswer('local', answer(null), null, true)).toMatchObject({
    amount: 0,
    reason: 'It runs on this machine.',
  });
  expect(costOfEngine('perceive', 'qwen:asr', false).amount).toBeNull();
  expect(costOfEngine('speak', 'kokoro', true).amount).toBe(0);
});
