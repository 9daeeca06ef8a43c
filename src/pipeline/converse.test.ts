import { expect, it } from 'vitest';
import { fakeLanguageModel } from '#ask/fake.ts';
import type { PipelineEvent } from '#contract/events.ts';
import type { Loss } from '#contract/loss.ts';
import { converse } from './converse.ts';
import { travel } from './trip.ts';

async function lossesWith(maxTokens: number | undefined): Promise<Loss[]> {
  const losses: Loss[] = [];
  const request = { messages: [{ role: 'user', content: 'What do you say?' }], maxTokens } as const;
  const events: AsyncIterable<PipelineEvent> = travel(async (trip) => {
    await converse(request, fakeLanguageModel(), null, trip);
  });
  for await (const event of events) if (event.kind === 'loss-noted') losses.push(event.loss);
  return losses;
}

it('says that an answer was cut off at its longest allowed length, and how long that is', async () => {
  expect(await lossesWith(3)).toMatchObject([{ kind: 'text-truncated', stage: 'ask', extent: 3, unit: 'tokens' }]);
  expect(await lossesWith(undefined)).toEqual([]);
});
