import type { Reader } from '#contract/ports.ts';

/** A reader that is opened when the first picture comes. Before that nobody knows its alphabet. */
export function openedLater(id: string, open: () => Promise<Reader>): Reader {
  let opened: Reader | null = null;
  return {
    id,
    capabilities: { languages: 'any', characterProbabilities: 'unknown' },
    canWrite: (character) => opened?.canWrite(character) ?? 'unknown',
    async read(picture, context) {
      opened ??= await open();
      return opened.read(picture, context);
    },
    // It is shared, and whoever opened it closes it.
    close: async () => {},
  };
}
