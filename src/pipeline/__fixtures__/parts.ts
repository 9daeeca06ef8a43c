import { DEFAULTS } from '#config/schema.ts';
import type { PipelineEvent } from '#contract/events.ts';
import type { Recogniser } from '#contract/ports.ts';
import { fakeVoiceDetector } from '#probe/fake.ts';
import { earsOnly } from '../../../test/parts.ts';
import type { Parts } from '../parts.ts';
import { openMemory } from '../remember.ts';

/** Parts that hear with this recogniser and remember what they heard; a voice is what is loud. */
export function partsWith(recogniser: Recogniser, more: Partial<Parts> = {}): Parts {
  const nobody = () => Promise.reject(new Error('Nobody is here.'));
  return {
    taking: { limits: {}, allowPrivateHosts: false, offline: true },
    timeouts: DEFAULTS.timeouts,
    ...{ check: () => {}, checkRecogniser: () => {}, modelId: 'none', fallbacks: [], prices: () => null },
    ...{ found: { remember: () => {} }, experience: { took: () => {}, medianMs: () => null } },
    ...earsOnly('fake'),
    memory: openMemory('memory', '', 1e6),
    ...{ detector: async () => fakeVoiceDetector(), recogniser: async () => recogniser, model: nobody },
    ...{ embedderId: 'none', embedder: nobody, speech: nobody },
    ...more,
  };
}


/** Everything a story tells. */
export async function eventsOf(story: AsyncIterable<PipelineEvent>): Promise<PipelineEvent[]> {
  const events: PipelineEvent[] = [];
  for await (const event of story) events.push(event);
  return events;
}
