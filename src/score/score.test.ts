import { expect, it } from 'vitest';
import { together } from './measures.ts';
import { scoreText } from './score.ts';

it('scores against the nearest of several references', async () => {
  const score = await scoreText(['in 1455', 'in fourteen fifty five'], 'In fourteen fifty-five.', 'word', 'content');
  expect(score).toMatchObject({ rate: 0, hits: 4, unit: 'word' });
});

it('averages over everything, not over files', async () => {
  const long = await scoreText(['天地玄黄宇宙洪荒日月'], '天地玄黄宇宙洪荒日月', 'character', 'content');
  const short = await scoreText(['好'], '号', 'character', 'content');
  expect(together([long, short])).toMatchObject({ substitutions: 1, hits: 10, rate: 1 / 11 });
});
