import type { Recogniser } from '#contract/ports.ts';
import { throwIfCancelled } from '#kit/abort.ts';
import type { CutLimits } from './cut.ts';
import { readPieces } from './pieces.ts';
import { segmentOf } from './segment.ts';

const LIMITS: CutLimits = { maxMs: 10_000, maxPauseMs: 1_000, padMs: 100 };

/** The smallest correct recogniser: says one word, in turn from `words`, for every piece of voice. It measures nothing. */
export function fakeRecogniser(words: readonly string[] = ['la']): Recogniser {
  return {
    id: 'fake',
    capabilities: { languages: 'any', tokenLogprobs: false, wordTimes: 'interpolated', prompt: false },
    async *hear({ sound, speech }, { signal }) {
      throwIfCancelled(signal);
      let turn = 0;
      for await (const piece of readPieces(sound, speech, LIMITS, signal)) {
        const id = turn++ % words.length;
        const bytes = new TextEncoder().encode(words[id]);
        const heard = {
          tokens: [{ id, bytes, logprob: null }],
          speech: piece.speech,
          times: null,
          confidenceSource: '',
        };
        const segment = segmentOf(heard);
        if (segment) yield segment;
      }
    },
    async close() {},
  };
}
