import type { Pixels } from '#contract/media.ts';
import type { TextLine } from '#contract/perception.ts';
import type { Reader } from '#contract/ports.ts';

/** A reader that "sees" what it is told, each line at a height of the picture (0 to 1), and remembers the pictures it was given. */
export function toldReader(lines: readonly (readonly [text: string, height: number])[]): Reader & { readonly seen: Pixels[] } {
  const seen: Pixels[] = [];
  return {
    id: 'told',
    seen,
    capabilities: { languages: 'any', characterProbabilities: false },
    canWrite: () => 'unknown',
    async read({ pixels }) {
      seen.push(pixels);
      let start = 0;
      const found = lines.map(([text, height]): TextLine => {
        const y = height * pixels.heightPx;
        const at = start;
        start += [...text].length + 1;
        return {
          text,
          start: at,
          box: [[100, y - 10], [900, y - 10], [900, y + 10], [100, y + 10]],
          direction: 'horizontal',
          heightPx: 20,
          characters: [...text].map((letter) => ({ text: letter, probability: null })),
          confidence: null,
          confidenceSource: null,
          unwritable: false,
        };
      });
      return { text: lines.map(([text]) => text).join('\n'), lines: found };
    },
    async close() {},
  };
}
