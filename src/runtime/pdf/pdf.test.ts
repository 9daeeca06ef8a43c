import { afterEach, describe, expect, it } from 'vitest';
import type { MediaPart } from '#contract/media.ts';
import { pdfHere } from './__fixtures__/here.ts';
import { fileOf, type PagePlan, paint, pdfOf, say, sayWide, stream } from './__fixtures__/pdf.ts';
import { openPdf, PDF_LIMITS, type PdfFile } from './open.ts';
import { renderPages } from './render.ts';

const signal = new AbortController().signal;

function partOf(bytes: Uint8Array): MediaPart {
  return {
    media: {
      part: 'part-1',
      kind: 'document',
      name: 'paper.pdf',
      source: 'bytes',
      mimeType: 'application/pdf',
      sizeBytes: bytes.length,
      sha256: '0'.repeat(64),
    },
    bytes: async () => bytes,
    async *stream() {
      yield bytes;
    },
    async close() {},
  };
}

const open: PdfFile[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((file) => file.close()));
});
async function opened(bytes: Uint8Array, limits = PDF_LIMITS): Promise<PdfFile> {
  const file = await openPdf(partOf(bytes), signal, limits);
  open.push(file);
  return file;
}
/** In this process: what is tested is the page, not the worker. */
const of = (...pages: PagePlan[]) => pdfHere(pdfOf(pages));

describe('a page', () => {
  it('has text where it stands, upright, with size and weight', async () => {
    const file = await of({
      content: say('Heading', 72, 770, { font: 'F2', sizePt: 20 }) + say('Two words here', 72, 700),
    });
    const page = await file.page(1);
    expect(page).toMatchObject({
      number: 1,
      widthPt: 595,
      heightPt: 842,
      images: [],
      paths: 0,
      outside: 0,
      cut: false,
    });
    const [heading, body] = page.runs;
    expect(heading).toMatchObject({ text: 'Heading', sizePt: 20, bold: true, turn: 0, hidden: false, unmapped: 0 });
    expect(heading?.baseline).toBeCloseTo(72, 0);
    expect(heading?.left).toBeCloseTo(72, -1);
    expect(body).toMatchObject({ text: 'Two words here', sizePt: 11, bold: false });
    expect(body?.baseline).toBeCloseTo(142, 0);
  });

  it('is read upright when it is turned, and says how text on it is turned', async () => {
    for (const rotate of [90, 180, 270]) {
      const file = await of({ content: say('Turned page', 72, 700), rotate });
      const page = await file.page(1);
      expect(page.runs.map((run) => [run.text, run.turn])).toEqual([['Turned page', rotate]]);
      expect(page.widthPt).toBe(rotate === 180 ? 595 : 842);
    }
    const file = await of({ content: 'BT /F1 11 Tf 0.7071 0.7071 -0.7071 0.7071 100 100 Tm (Slanted words) Tj ET\n' });
    expect((await file.page(1)).runs.map((run) => [run.text, run.turn])).toEqual([['Slanted words', null]]);
  });

  it('has Chinese by character maps though the file brings neither shapes nor a table to Unicode', async () => {
    const file = await of({
      content: sayWide('中文文字：不含字形。', 72, 700) + sayWide('竖排文字', 300, 700, { font: 'F6' }),
    });
    const { runs } = await file.page(1);
    expect(runs.map((run) => [run.text, run.vertical, run.shapeless])).toEqual([
      ['中文文字：不含字形。', false, 10],
      ['竖排文字', true, 4],
    ]);
  });

  it('tells text that nobody sees, text nobody can read, and text outside', async () => {
    const file = await of({
      content:
        say('invisible', 72, 700, { mode: 3 }) +
        say('seen', 72, 650) +
        say('far away', 900, 650) +
        'BT /F5 12 Tf 0 Tr 72 600 Td <0041004200430044> Tj ET\n',
    });
    const page = await file.page(1);
    expect(page.runs.map((run) => [run.hidden, run.unmapped])).toEqual([
      [true, 0],
      [false, 0],
      [false, 4],
    ]);
    expect(page.outside).toBe(7);
    const under = await of({ content: say('beneath', 72, 700) + paint(0, 0, 595, 842) + say('above', 72, 600) });
    expect((await under.page(1)).runs.map((run) => [run.text, run.hidden])).toEqual([
      ['beneath', true],
      ['above', false],
    ]);
  });

  it('splits text at columns and at the lines of a table', async () => {
    const lines = '0.5 w 100 690 m 100 720 l S\n';
    const file = await of({ content: say('one', 72, 700) + say('two', 102, 700) + say('three', 200, 700) + lines });
    const page = await file.page(1);
    expect(page.runs.map((run) => run.text)).toEqual(['one', 'two', 'three']);
    expect(page.rulings).toHaveLength(1);
  });

  it('has pictures, links and what stands in forms', async () => {
    const link =
      '<< /Type /Annot /Subtype /Link /Rect [70 695 110 715] /A << /S /URI /URI (https://example.org/a) >> >>';
    const bad =
      '<< /Type /Annot /Subtype /Link /Rect [70 595 110 615] /A << /S /URI /URI (javascript:alert\\(1\\)) >> >>';
    const note =
      '<< /Type /Annot /Subtype /FreeText /Rect [72 500 272 530] /Contents (typed) /DA (/F1 11 Tf) /F 4 /AP << /N 6 0 R >> >>';
    const bytes = pdfOf([
      {
        content: say('here', 72, 700) + say('there', 72, 600) + paint(100, 100, 200, 300),
        more: `/Annots [${link} ${bad} ${note}]`,
      },
    ]);
    const appearance = `6 0 obj\n${stream(say('typed in', 2, 5), '/Type /XObject /Subtype /Form /BBox [0 0 200 30] /Resources 4 0 R')}\nendobj\n`;
    // An object appended to the file without an entry in its table: the table is rebuilt from the objects.
    const text = Buffer.from(bytes)
      .toString('latin1')
      .replace(/startxref\n\d+/, 'startxref\n0');
    const file = await pdfHere(Buffer.from(text.replace('xref\n0', `${appearance}xref\n0`), 'latin1'));
    const page = await file.page(1);
    expect(page.runs.map((run) => [run.text, run.link])).toEqual([
      ['here', 'https://example.org/a'],
      ['there', null],
      ['typed in', null],
    ]);
    const [picture] = page.images;
    expect([picture?.left, picture?.right].map((x) => Math.round(x ?? 0))).toEqual([100, 300]);
  });
});

describe('a file', () => {
  it('says its title and its outline', async () => {
    const outline =
      '/Outlines << /First << /Title (One) /Dest [10 0 R /Fit] /First << /Title (One point one) /Dest [12 0 R /Fit] >> >> >>';
    const bytes = pdfOf([{ content: '' }, { content: '' }], { info: '/Title <FEFF4E2D6587>', catalog: outline });
    const file = await pdfHere(bytes);
    expect(file.facts).toEqual({
      pages: 2,
      title: '中文',
      outline: [
        { title: 'One', level: 1, page: 1 },
        { title: 'One point one', level: 2, page: 2 },
      ],
    });
  });

  it('is refused when it is no PDF inside, or has no end of trouble', async () => {
    for (const bytes of [Buffer.from('%PDF-1.7\nnothing'), Buffer.from(''), Buffer.from('PK\u0003\u0004 no')]) {
      await expect(pdfHere(bytes)).rejects.toMatchObject({ code: 'read.broken', hint: expect.stringMatching(/./) });
    }
  });

  it('is given up when a page takes too long, and the next page gets a new process', async () => {
    const bytes = pdfOf([{ content: say('first', 72, 700) }, { content: say('second', 72, 700) }]);
    const file = await opened(bytes, { ...PDF_LIMITS, pageMs: 1 });
    await expect(file.page(1, signal)).rejects.toMatchObject({ code: 'read.broken' });
    const patient = await opened(bytes);
    expect((await patient.page(2, signal)).runs[0]?.text).toBe('second');
    await expect(patient.page(3, signal)).rejects.toMatchObject({ code: 'read.broken', details: { page: 3 } });
    expect((await patient.page(1, signal)).runs[0]?.text).toBe('first');
  });

  it('ends at its limit of memory', async () => {
    const bytes = pdfOf([{ content: '' }]);
    await expect(opened(bytes, { ...PDF_LIMITS, maxRssBytes: 1e6 })).rejects.toMatchObject({ code: 'read.broken' });
  });

  it('opens in no time when pages are in circles and trees are deep', async () => {
    const circle = fileOf(
      new Map([
        [1, '<< /Type /Catalog /Pages 2 0 R >>'],
        [2, '<< /Type /Pages /Count 5 /Kids [2 0 R 2 0 R] >>'],
        [3, '<< >>'],
      ]),
    );
    const deep = new Map([
      [1, '<< /Type /Catalog /Pages 10 0 R >>'],
      [3, '<< >>'],
    ]);
    for (let level = 10; level < 3_000; level += 1)
      deep.set(level, `<< /Type /Pages /Count 1 /Kids [${level + 1} 0 R] >>`);
    deep.set(3_000, '<< /Type /Page /MediaBox [0 0 10 10] >>');
    for (const bytes of [circle, fileOf(deep)]) {
      const outcome = await pdfHere(bytes)
        .then((file) => file.page(1))
        .catch((error: unknown) => error);
      if (outcome instanceof Error) expect(outcome).toMatchObject({ code: 'read.broken' });
    }
  });
});

it('refuses a file without any object at once, and finds one across the pieces it comes in', async () => {
  await expect(openPdf(partOf(Buffer.from('%PDF-1.4\nno such thing')), signal)).rejects.toMatchObject({
    code: 'read.broken',
    message: expect.stringContaining('no object'),
  });
  const bytes = pdfOf([{ content: say('Here', 72, 700) }]);
  const part = partOf(bytes);
  const inPieces = {
    ...part,
    async *stream() {
      for (let at = 0; at < bytes.length; at += 1) yield bytes.subarray(at, at + 1);
    },
  };
  const file = await openPdf(inPieces, signal);
  open.push(file);
  expect(file.facts.pages).toBe(1);
});

describe('renderPages', () => {
  it('gives pages as pictures that are bounded, upright and in colour', async () => {
    const red = '1 0 0 rg 0 421 595 421 re f\n';
    const bytes = pdfOf([
      { content: red },
      { content: sayWide('没有字形', 72, 700), sizePt: [14_400, 14_400] },
      { content: red, rotate: 180 },
    ]);
    const pictures = [];
    for await (const picture of renderPages(partOf(bytes), { pages: [3, 2, 9, 1], maxSidePx: 400, signal }))
      pictures.push(picture);
    expect(pictures.map(({ number, shapeless, total }) => [number, shapeless, total])).toEqual([
      [3, 0, 3],
      [2, 4, 3],
      [1, 0, 3],
    ]);
    for (const { pixels } of pictures) {
      expect(Math.max(pixels.widthPx, pixels.heightPx)).toBe(400);
      expect(pixels.rgb).toHaveLength(pixels.widthPx * pixels.heightPx * 3);
    }
    expect([...(pictures[2]?.pixels.rgb.subarray(0, 3) ?? [])]).toEqual([255, 0, 0]);
    expect([...(pictures[0]?.pixels.rgb.subarray(0, 3) ?? [])]).toEqual([255, 255, 255]);
  });
});
