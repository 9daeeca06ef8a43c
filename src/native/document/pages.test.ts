import { describe, expect, it } from 'vitest';
import type { Loss } from '#contract/loss.ts';
import type { MediaPart } from '#contract/media.ts';
import { pdfOf, say, sayWide } from '#runtime/pdf/__fixtures__/pdf.ts';
import { decodePicture } from '#runtime/pixels/picture.ts';
import { canMakePages, pagesOf } from './pages.ts';

const signal = new AbortController().signal;

const pdf = (pages: number) => pdfWith(Array.from({ length: pages }, (_, at) => say(`Page ${at + 1}`, 72, 700)));

function pdfWith(contents: readonly string[]): MediaPart {
  const bytes = pdfOf(contents.map((content) => ({ content })));
  return {
    media: {
      ...{ part: 'part-1', kind: 'document', name: 'paper.pdf', source: 'bytes', mimeType: 'application/pdf' },
      ...{ sizeBytes: bytes.length, sha256: '0'.repeat(64) },
    },
    bytes: async () => bytes,
    async *stream() {
      yield bytes;
    },
    close: async () => {},
  };
}

describe('pagesOf', () => {
  it('makes pictures of the pages, no larger than the model takes', async () => {
    const losses: Loss[] = [];
    const context = { signal, note: (loss: Loss) => losses.push(loss) };
    const pages = await pagesOf(pdf(2), { maxPages: 16, limits: { maxSidePx: 300 } }, context);
    expect(pages.map(({ number }) => number)).toEqual([1, 2]);
    for (const { part } of pages) {
      expect(part.media).toMatchObject({ part: 'part-1', kind: 'image', mimeType: 'image/png' });
      const picture = await decodePicture(await part.bytes(), { maxPixels: 1e6, signal });
      expect(Math.max(picture.widthPx, picture.heightPx)).toBeLessThanOrEqual(300);
      await part.close();
    }
    expect(losses).toEqual([]);
  });

  it('says which pages it left out', async () => {
    const losses: Loss[] = [];
    const context = { signal, note: (loss: Loss) => losses.push(loss) };
    const pages = await pagesOf(pdf(3), { maxPages: 2, limits: undefined }, context);
    expect(pages).toHaveLength(2);
    expect(losses).toMatchObject([{ kind: 'truncated', extent: 1, unit: 'pages' }]);
    for (const { part } of pages) await part.close();
  });

  it('says what the file brings no shapes for, since that is not in the picture', async () => {
    const losses: Loss[] = [];
    const context = { signal, note: (loss: Loss) => losses.push(loss) };
    const [page] = await pagesOf(pdfWith([sayWide('汉字', 72, 700)]), { maxPages: 1, limits: undefined }, context);
    expect(losses).toMatchObject([{ kind: 'page-unread', extent: 2, unit: 'characters' }]);
    await page?.part.close();
  });

  it('refuses where the model takes no picture it can make', async () => {
    const options = { maxPages: 2, limits: { mimeTypes: ['image/avif'] } };
    await expect(pagesOf(pdf(1), options, { signal, note: () => {} })).rejects.toMatchObject({
      code: 'native.cannot-fit',
    });
  });
});

it('knows beforehand what it cannot make pages of', () => {
  const part = pdf(1);
  expect(canMakePages(part, () => true)).toBe(true);
  expect(canMakePages(part, () => false)).toContain('no form');
  const word = { ...part, media: { ...part.media, mimeType: 'application/msword' } };
  expect(canMakePages(word, () => true)).toContain('only pages of PDF');
});
