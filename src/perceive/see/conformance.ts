import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Loss } from '#contract/loss.ts';
import type { Pixels } from '#contract/media.ts';
import { TextLine } from '#contract/perception.ts';
import type { Reader, ReadText } from '#contract/ports.ts';

/** Fewer figures than this may be equal by chance. */
const LEAST_FIGURES = 4;

/** A picture of one shade. */
export function blank(widthPx: number, heightPx: number, shade = 255): Pixels {
  return { widthPx, heightPx, rgb: new Uint8Array(widthPx * heightPx * 3).fill(shade) };
}

/** The exam every reader has to pass, with a picture that has writing. Registers its tests; call it inside a test file. */
export function readerExam(name: string, make: () => Promise<Reader>, picture: () => Promise<Pixels>): void {
  describe(`reader exam: ${name}`, () => {
    let reader: Reader;
    let pixels: Pixels;
    let read: ReadText;
    const losses: Loss[] = [];

    const readIt = (what: Pixels, signal = new AbortController().signal) =>
      reader.read({ part: 'part-1', pixels: what }, { signal, note: (loss) => losses.push(loss) });

    beforeAll(async () => {
      reader = await make();
      pixels = await picture();
      read = await readIt(pixels);
    });
    afterAll(() => reader.close());

    it('reads something, in well-formed lines', () => {
      expect(read.lines.length).toBeGreaterThan(0);
      for (const line of read.lines) {
        expect(TextLine.parse(line)).toEqual(line);
        expect(line.text.trim()).not.toBe('');
        expect(line.characters.map((one) => one.text).join('')).toBe(line.text);
      }
    });

    it('lets each line point to its own characters in the text', () => {
      const points = [...read.text];
      for (const { text, start } of read.lines) {
        if (start === null || text.includes('|')) continue;
        expect(points.slice(start, start + [...text].length).join('')).toBe(text);
      }
    });

    it('keeps boxes in the picture, as far as a margin allows', () => {
      const margin = Math.max(pixels.widthPx, pixels.heightPx) / 10;
      for (const [x, y] of read.lines.flatMap((line) => line.box)) {
        expect(x).toBeGreaterThan(-margin);
        expect(x).toBeLessThan(pixels.widthPx + margin);
        expect(y).toBeGreaterThan(-margin);
        expect(y).toBeLessThan(pixels.heightPx + margin);
      }
    });

    it('measures what it says it measures, and says null for the rest', () => {
      const known = read.lines.flatMap((line) => line.characters.flatMap((one) => one.probability ?? []));
      if (reader.capabilities.characterProbabilities === true) expect(known.length).toBeGreaterThan(0);
      if (reader.capabilities.characterProbabilities === false) expect(known).toEqual([]);
      if (known.length >= LEAST_FIGURES) expect(new Set(known).size).toBeGreaterThan(1);
      for (const line of read.lines) expect(line.confidence === null).toBe(line.confidenceSource === null);
    });

    it('finds nothing where nothing is, however large or small', async () => {
      for (const nothing of [blank(64, 64), blank(300, 200, 0), blank(1, 1), blank(2_000, 3)]) {
        expect(await readIt(nothing)).toEqual({ text: '', lines: [] });
      }
    });

    it('names itself and the part in what it notes', () => {
      for (const loss of losses) expect(loss).toMatchObject({ stage: 'perceive', part: 'part-1', engine: reader.id });
    });

    it('says the same thing twice, and stops when it is cancelled', async () => {
      await expect(readIt(pixels, AbortSignal.abort())).rejects.toMatchObject({ code: 'kit.cancelled' });
      expect(await readIt(pixels)).toEqual(read);
    });
  });
}
