import type { Reader } from '#contract/ports.ts';
import { throwIfCancelled } from '#kit/abort.ts';

/** The smallest correct reader: finds the same words in every picture that is not of one colour. It measures nothing. */
export function fakeReader(text = 'la'): Reader {
  return {
    id: 'fake',
    capabilities: { languages: 'any', characterProbabilities: false },
    canWrite: () => 'unknown',
    async read({ pixels }, { signal }) {
      throwIfCancelled(signal);
      const { widthPx, heightPx, rgb } = pixels;
      if (rgb.every((value, at) => value === rgb[at % 3])) return { text: '', lines: [] };
      return {
        text,
        lines: [
          {
            text,
            start: 0,
            box: [
              [0, 0],
              [widthPx, 0],
              [widthPx, heightPx],
              [0, heightPx],
            ],
            direction: 'horizontal',
            heightPx,
            characters: [...text].map((character) => ({ text: character, probability: null })),
            confidence: null,
            confidenceSource: null,
            unwritable: false,
          },
        ],
      };
    },
    async close() {},
  };
}
