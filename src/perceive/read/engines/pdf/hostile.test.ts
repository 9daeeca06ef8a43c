import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSensoriumError } from '#contract/error.ts';
import { openHereInstead } from '#runtime/pdf/__fixtures__/here.ts';
import { fileOf, paint, pdfOf, say, sayWide, stream } from '#runtime/pdf/__fixtures__/pdf.ts';
import { readAll } from '../../conformance.ts';
import { toldReader } from './__fixtures__/reader.ts';
import { pdf } from './engine.ts';

const engine = pdf(openHereInstead);
const RUNS = 80;

/** Everything the engine does, in one small file. */
const rich = Buffer.from(
  pdfOf(
    [
      {
        content:
          say('Heading', 72, 780, { font: 'F2', sizePt: 20 }) +
          say('Words and a link', 72, 700) +
          sayWide('中文', 72, 650) +
          paint(72, 300, 200, 200) +
          '66 600 360 0.5 re f\n',
        more: '/Annots [<< /Type /Annot /Subtype /Link /Rect [70 695 110 715] /A << /S /URI /URI (https://example.org/a) >> >>]',
      },
      { content: paint(0, 0, 595, 842), rotate: 90 },
    ],
    { info: '/Title (A title)', catalog: '/Outlines << /First << /Title (Heading) /Dest [10 0 R /Fit] >> >>' },
  ),
);

describe('a hostile file', () => {
  it('gives pages or read.*, whatever was changed in it', async () => {
    const outcomes = { read: 0, refused: 0 };
    const change = fc.tuple(fc.nat(rich.length - 1), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { minLength: 1, maxLength: 30 }),
        fc.option(fc.nat(rich.length)),
        async (changes, end) => {
          const bytes = Buffer.from(rich);
          for (const [at, value] of changes) bytes[at] = value;
          try {
            await readAll(engine, bytes.subarray(0, end ?? bytes.length), { reader: toldReader([['seen', 0.5]]) });
            outcomes.read += 1;
          } catch (error) {
            if (!isSensoriumError(error) || !error.code.startsWith('read.')) throw error;
            outcomes.refused += 1;
          }
        },
      ),
      { numRuns: RUNS, seed: 20261126 },
    );
    expect(outcomes.read + outcomes.refused).toBe(RUNS);
    expect(outcomes.read).toBeGreaterThan(0);
    expect(outcomes.refused).toBeGreaterThan(0);
  });

  it('may have more text than anybody reads, anywhere', async () => {
    const letters = (count: number, place: (index: number) => string) =>
      `BT /F1 2 Tf 0 Tr ${Array.from({ length: count }, (_, index) => `1 0 0 1 ${place(index)} Tm (a) Tj`).join(' ')} ET\n`;
    const scattered = letters(20_000, (index) => `${(index * 7919) % 590} ${(index * 104_729) % 840}`);
    const { pages, losses } = await readAll(engine, pdfOf([{ content: scattered }]));
    expect(pages[0]?.source).toBe('text-layer');
    expect(losses).toMatchObject([{ kind: 'text-truncated', message: expect.stringMatching(/^Page 1: /) }]);
    const long = `BT /F1 0.01 Tf 0 Tr 1 0 0 1 0 400 Tm (${'a'.repeat(30_000)}) Tj 1 0 0 1 0 300 Tm (${'. '.repeat(15_000)}) Tj ET\n`;
    expect((await readAll(engine, pdfOf([{ content: long }]))).pages[0]?.text).toContain('a'.repeat(30_000));
  });

  it('may say that it has more pages than there are, or that one is as large as a field', async () => {
    const lying = Buffer.from(Buffer.from(rich).toString('latin1').replace('/Count 2', '/Count 900000'), 'latin1');
    await expect(readAll(engine, lying)).rejects.toMatchObject({ code: 'read.too-large', details: { pages: 900_000 } });
    const reader = toldReader([['seen', 0.5]]);
    const { pages } = await readAll(
      engine,
      pdfOf([
        { content: paint(0, 0, 2e6, 2e6), sizePt: [2e6, 2e6] },
        { content: paint(0, 0, 0.01, 0.01), sizePt: [0.01, 0.01] },
      ]),
      { reader },
    );
    expect(pages).toHaveLength(2);
    for (const { widthPx, heightPx } of reader.seen) expect(Math.max(widthPx, heightPx)).toBeLessThanOrEqual(4_000);
  });

  it('may carry scripts and files, which nobody looks at', async () => {
    const objects = new Map([
      [
        1,
        '<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (while (true) {}) >> /Names << /EmbeddedFiles << /Names [(x.exe) 6 0 R] >> >> >>',
      ],
      [2, '<< /Type /Pages /Count 1 /Kids [4 0 R] >>'],
      [3, '<< >>'],
      [
        4,
        '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /AA << /O << /S /JavaScript /JS (while (true) {}) >> >> /Contents 5 0 R /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>',
      ],
      [5, stream(say('only words', 72, 700))],
      [6, '<< /Type /Filespec /F (x.exe) /EF << /F 7 0 R >> >>'],
      [7, stream('MZ')],
    ]);
    expect((await readAll(engine, fileOf(objects))).pages.map((page) => page.text)).toEqual(['only words']);
  });
});
