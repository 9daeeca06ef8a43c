import PDFDocument from 'pdfkit';
import { describe, expect, it } from 'vitest';
import { SensoriumError } from '#contract/error.ts';
import { lossOf } from '#contract/loss.ts';
import type { Reader } from '#contract/ports.ts';
import { openHereInstead } from '#runtime/pdf/__fixtures__/here.ts';
import { type PagePlan, paint, pdfOf, say, sayWide } from '#runtime/pdf/__fixtures__/pdf.ts';
import { documentExam, readAll } from '../../conformance.ts';
import { toldReader } from './__fixtures__/reader.ts';
import { pdf } from './engine.ts';

const engine = pdf(openHereInstead);
const read = (pages: readonly PagePlan[], reader: Reader | null = null) => readAll(engine, pdfOf(pages), { reader });
async function textOf(content: string, more: Partial<PagePlan> = {}): Promise<string> {
  return (await read([{ content, ...more }])).pages[0]?.text ?? '';
}
const column = (lines: readonly string[], x: number, y: number, style: { font?: string; sizePt?: number } = {}) =>
  lines.map((line, index) => say(line, x, y - index * 14, style)).join('');

async function made(
  build: (document: PDFKit.PDFDocument) => void,
  options: PDFKit.PDFDocumentOptions = {},
): Promise<Uint8Array> {
  const document = new PDFDocument(options);
  const pieces: Buffer[] = [];
  document.on('data', (piece: Buffer) => pieces.push(piece));
  const ended = new Promise((resolve) => document.on('end', resolve));
  build(document);
  document.end();
  await ended;
  return Buffer.concat(pieces);
}

const twoPages = () => pdfOf([{ content: say('first page', 72, 700) }, { content: say('second page', 72, 700) }]);

documentExam(
  'pdfium',
  async () => engine,
  async () => {
    const good = twoPages();
    const broken = [
      good.subarray(0, good.length / 2),
      good.subarray(100),
      Buffer.from('%PDF-1.4\n'),
      Buffer.concat([good.subarray(0, 300), Buffer.alloc(600), good.subarray(900)]),
    ];
    return { good, word: 'second', broken, mimeType: 'application/pdf' };
  },
);

describe('the text layer', () => {
  it('becomes headings, paragraphs and lists', async () => {
    const text = await textOf(
      say('Annual report', 72, 780, { font: 'F2', sizePt: 22 }) +
        say('Results', 72, 740, { font: 'F2', sizePt: 15 }) +
        column(
          [
            'The year began with a change that nobody had seen coming, and it was a con-',
            'siderable one. It ended well for the well-known reasons that are given in the',
            'well-',
            'known book.',
          ],
          72,
          715,
        ) +
        say('# no heading, only a hash', 72, 640) +
        column(['• apples', '• pears', '- plums'], 72, 600) +
        column(['1. first', '2. second'], 72, 540),
    );
    expect(text).toBe(
      '# Annual report\n\n## Results\n\nThe year began with a change that nobody had seen coming, and it was a considerable one. It ended well for the well-known reasons that are given in the well-known book.\n\n\\# no heading, only a hash\n\n- apples\n- pears\n- plums\n\n1. first\n2. second',
    );
  });

  it('keeps entries of a table of contents apart, and what follows a list out of it', async () => {
    const dots = '. '.repeat(40);
    const text = await textOf(
      column([`1 One ${dots}3`, `2 Two and more ${dots.slice(20)}14`], 72, 700) +
        say('Body of the page, which is here for its size and is long enough.', 72, 640) +
        column(['• first', 'that goes on', '• last.'], 80, 600) +
        say('A sentence after it.', 72, 558),
    );
    expect(text).toBe(
      '1 One … 3\n\n2 Two and more … 14\n\nBody of the page, which is here for its size and is long enough.\n\n- first\n\nthat goes on\n\n- last.\n\nA sentence after it.',
    );
  });

  it('joins Chinese lines without spaces and keeps spaces between other words', async () => {
    const text = await textOf(
      sayWide('感官系统把声音和图像转成文字，', 72, 700) +
        sayWide('也说出丢失了什么。', 72, 682) +
        sayWide('第二段从这里开始。', 72, 640),
    );
    expect(text).toBe('感官系统把声音和图像转成文字，也说出丢失了什么。\n\n第二段从这里开始。');
  });

  it('reads columns one after the other, beneath what spans them', async () => {
    const words = (side: string) =>
      Array.from({ length: 6 }, (_, index) => `${side} column line number ${index} goes on`);
    const text = await textOf(
      say('A title across both', 72, 780, { font: 'F2', sizePt: 20 }) +
        column(words('left'), 72, 740) +
        column(words('right'), 320, 740) +
        say('A line beneath that runs across both of the columns up there on the page', 72, 620),
    );
    expect(text.startsWith('# A title across both\n\nleft column line number 0')).toBe(true);
    expect(text.indexOf('left column line number 5')).toBeLessThan(text.indexOf('right column line number 0'));
    expect(text.endsWith('\n\nA line beneath that runs across both of the columns up there on the page')).toBe(true);
  });

  it('keeps tables, with lines and without', async () => {
    const rows = [
      ['Name', 'Amount', 'Unit'],
      ['Apples', '12', 'kg'],
      ['Pears | red', '7', 'kg'],
    ];
    const cells = rows
      .map((row, index) => row.map((cell, at) => say(cell, 72 + at * 120, 700 - index * 20)).join(''))
      .join('');
    const markdown = '| Name | Amount | Unit |\n| --- | --- | --- |\n| Apples | 12 | kg |\n| Pears \\| red | 7 | kg |';
    expect(await textOf(say('Before.', 72, 750) + cells + say('After.', 72, 600))).toBe(
      `Before.\n\n${markdown}\n\nAfter.`,
    );
    const lines = [715, 690, 655, 630].map((y) => `66 ${y} 360 0.5 re f\n`).join('');
    const wrapped =
      say('Name', 72, 700) +
      say('Amount', 192, 700) +
      say('Apples', 72, 675) +
      say('12', 192, 675) +
      say('(sweet)', 72, 662) +
      say('Pears', 72, 640) +
      say('7', 192, 640);
    expect(await textOf(lines + wrapped)).toBe(
      '| Name | Amount |\n| --- | --- |\n| Apples (sweet) | 12 |\n| Pears | 7 |',
    );
  });

  it('spells raised numbers so that they are no part of the number before', async () => {
    expect(
      await textOf(
        say('10', 72, 700, { sizePt: 12 }) + say('2', 86, 705, { sizePt: 7 }) + say('metres', 95, 700, { sizePt: 12 }),
      ),
    ).toBe('10^2 metres');
  });

  it('keeps where links lead', async () => {
    const link =
      '<< /Type /Annot /Subtype /Link /Rect [70 695 95 715] /A << /S /URI /URI (https://example.org/a) >> >>';
    expect(await textOf(say('here', 72, 700) + say('it is', 96, 700), { more: `/Annots [${link}]` })).toBe(
      '[here](https://example.org/a) it is',
    );
  });

  it('reads turned pages, turned text and vertical text in their own order', async () => {
    const turned = column(['first line of some words', 'second line of some words'], 72, 700);
    expect(await textOf(turned, { rotate: 90 })).toBe(await textOf(turned));
    const landscape =
      'BT /F1 11 Tf 0 1 -1 0 100 100 Tm (up the page) Tj ET\nBT /F1 11 Tf 0 1 -1 0 114 100 Tm (and next to it) Tj ET\n';
    expect(await textOf(landscape)).toBe('up the page and next to it');
    const vertical =
      sayWide('竖排第一行文字', 400, 700, { font: 'F6' }) + sayWide('第二行在左边。', 380, 700, { font: 'F6' });
    expect(await textOf(vertical)).toBe('竖排第一行文字第二行在左边。');
  });

  it('takes levels of headings from the outline', async () => {
    const bytes = pdfOf([{ content: say('Two point one', 72, 700) + say('Words beneath.', 72, 660) }], {
      catalog: '/Outlines << /First << /Title (Two) /First << /Title (Two point one) /Dest [10 0 R /Fit] >> >> >>',
    });
    expect((await readAll(engine, bytes)).pages[0]?.text).toBe('## Two point one\n\nWords beneath.');
  });

  it('is the one another program wrote, word for word', async () => {
    const words =
      'The quick brown fox jumps over the lazy dog, and then it measures what each conversion lost; nothing is made up.';
    const bytes = await made((document) => {
      document.fontSize(18).text('A heading').moveDown().fontSize(11);
      for (let times = 0; times < 3; times += 1) document.text(`${words} ${words}`, { align: 'justify' }).moveDown();
    });
    const { pages } = await readAll(engine, bytes);
    expect(pages[0]).toMatchObject({
      source: 'text-layer',
      engine: 'pdfium',
      reason: expect.stringContaining('characters in the text layer'),
    });
    expect(pages[0]?.text).toBe(`# A heading\n\n${Array(3).fill(`${words} ${words}`).join('\n\n')}`);
  });
});

describe('what most pages repeat', () => {
  it('is kept once, numbers of pages never, and the loss says so', async () => {
    const pages = Array.from({ length: 5 }, (_, index) => ({
      content:
        say('Confidential report', 72, 810, { sizePt: 9 }) +
        say(`Words of page ${'abcde'[index]}.`, 72, 700) +
        say(`Page ${index + 1} of 5`, 260, 30, { sizePt: 9 }),
    }));
    const { pages: got, losses } = await read(pages);
    expect(got.map((page) => page.text)).toEqual([
      'Confidential report\n\nWords of page a.',
      ...'bcde'.split('').map((letter) => `Words of page ${letter}.`),
    ]);
    expect(losses).toMatchObject([
      {
        kind: 'layout',
        extent: 9,
        unit: 'lines',
        message: expect.stringMatching(/^Pages 1–5: /),
        text: expect.stringContaining('Confidential'),
      },
    ]);
  });
});

describe('a scanned page', () => {
  const scan = paint(0, 0, 595, 842);

  it('is painted upright at 200 dots per inch and read', async () => {
    const reader = toldReader([
      ['扫描的一行', 0.1],
      ['second line', 0.2],
    ]);
    const { pages, losses } = await read(
      [
        { content: scan },
        { content: say('A page of text, long enough to be more than a stamp on a picture.', 72, 700) },
      ],
      reader,
    );
    expect(pages[0]).toMatchObject({
      source: 'ocr',
      engine: 'told',
      text: '扫描的一行\nsecond line',
      reason: expect.stringMatching(/^no text layer, but pictures over 100 %/),
    });
    expect(pages[0]?.lines.map((line) => line.start)).toEqual([0, 6]);
    expect(pages[1]?.source).toBe('text-layer');
    expect(reader.seen.map((pixels) => [pixels.widthPx, pixels.heightPx])).toEqual([[1653, 2339]]);
    expect(losses).toEqual([]);
  });

  it('is a loss where nothing can read it, or the reader finds nothing or fails; a blank one is none', async () => {
    const failing: Reader = {
      ...toldReader([]),
      read: async () => {
        throw new SensoriumError('see.cannot-decode', 'No.');
      },
    };
    for (const reader of [null, toldReader([]), failing]) {
      const { pages, losses } = await read([{ content: scan }, { content: scan }], reader);
      expect(pages.map((page) => [page.source, page.text])).toEqual([
        ['nothing', ''],
        ['nothing', ''],
      ]);
      expect(losses).toMatchObject([
        { kind: 'page-unread', extent: 2, unit: 'pages', message: expect.stringMatching(/^Pages 1–2: /) },
      ]);
    }
    const white = await read([{ content: '' }, { content: '1 g 0 0 595 842 re f' }], toldReader([]));
    expect(white.pages.map((page) => page.reason)).toEqual(['the page is blank', 'no text, only 1 lines or shapes']);
    expect(white.losses).toEqual([]);
  });

  it('passes on what the reader notes, with the page', async () => {
    const doubting: Reader = {
      ...toldReader([]),
      async read(picture, context) {
        context.note(lossOf({ kind: 'doubtful-character', stage: 'perceive', message: 'It may be an l.' }));
        return toldReader([['words', 0.5]]).read(picture, context);
      },
    };
    const { losses } = await read([{ content: '' }, { content: scan }], doubting);
    expect(losses).toMatchObject([{ kind: 'doubtful-character', message: 'Page 2: It may be an l.' }]);
  });

  it('passes on what stops every page', async () => {
    const missing: Reader = {
      ...toldReader([]),
      read: async () => {
        throw new SensoriumError('runtime.package-missing', 'No.');
      },
    };
    await expect(read([{ content: scan }], missing)).rejects.toMatchObject({ code: 'runtime.package-missing' });
  });

  it("is compared with the scanner's own text beneath, and what differs is a loss", async () => {
    const under = say('Beneath the picture lies a reading of the whole page', 72, 758, { mode: 3 });
    const same = await read(
      [{ content: under + scan }],
      toldReader([['Beneath the picture lies a reading of the whole page', 0.1]]),
    );
    expect(same.pages[0]).toMatchObject({ source: 'ocr', reason: expect.stringContaining('agree by 1.00') });
    expect(same.losses).toEqual([]);
    const other = await read(
      [{ content: under + scan }],
      toldReader([['Something else altogether was found on it, quite long', 0.1]]),
    );
    expect(other.pages[0]?.source).toBe('ocr');
    expect(other.losses).toMatchObject([{ kind: 'readers-disagree' }]);
    const less = await read([{ content: under + scan }], toldReader([['Beneath', 0.1]]));
    expect(less.pages[0]).toMatchObject({
      source: 'text-layer',
      text: 'Beneath the picture lies a reading of the whole page',
    });
    const alone = await read([{ content: under + scan }]);
    expect(alone.pages[0]).toMatchObject({
      source: 'text-layer',
      reason: expect.stringContaining('nothing here reads pictures'),
    });
  });

  it('with a stamp of text on it gives both, without what is read twice', async () => {
    const stamp = scan + say('Received', 72, 758);
    const { pages } = await read(
      [{ content: stamp }],
      toldReader([
        ['Received', 0.097],
        ['the letter itself', 0.5],
      ]),
    );
    expect(pages[0]).toMatchObject({ source: 'ocr', text: 'Received\n\nthe letter itself', engine: 'pdfium + told' });
    expect(pages[0]?.lines.map((line) => line.start)).toEqual([10]);
    const unread = await read([{ content: stamp }]);
    expect(unread.pages[0]).toMatchObject({ source: 'text-layer', text: 'Received' });
    expect(unread.losses).toMatchObject([{ kind: 'page-unread' }]);
  });
});

describe('oddities', () => {
  const garbage = 'BT /F5 12 Tf 0 Tr 72 600 Td <00410042004300440045> Tj ET\n';
  const words = say('A page of text with a good many words on it, so that it counts as one.', 72, 700);

  it('a text layer without meaning is not taken; a little of it is marked', async () => {
    const { pages, losses } = await read([{ content: garbage }], toldReader([['what it shows', 0.3]]));
    expect(pages[0]).toMatchObject({
      source: 'ocr',
      text: 'what it shows',
      reason: expect.stringContaining('does not say what 100 %'),
    });
    expect(losses).toEqual([]);
    const little = await read([{ content: words + garbage }]);
    expect(little.pages[0]?.text).toContain('\ufffd');
    expect(little.losses).toMatchObject([{ kind: 'doubtful-character', extent: 5 }]);
  });

  it('tells of pictures beside text and of characters outside the page', async () => {
    const { losses } = await read([{ content: words + paint(100, 100, 200, 200) + say('outside', 700, 500) }]);
    expect(losses).toMatchObject([
      { kind: 'layout', extent: 7, unit: 'characters' },
      { kind: 'not-described', extent: 1 },
    ]);
  });

  it('damaged pages are losses and the others are read', async () => {
    const bytes = Buffer.from(Buffer.from(twoPages()).toString('latin1').replace('/Count 2', '/Count 4'), 'latin1');
    const { pages, losses } = await readAll(engine, bytes);
    expect(pages.map((page) => page.text)).toEqual(['first page', 'second page', '', '']);
    expect(losses).toMatchObject([{ kind: 'page-unread', extent: 2, message: expect.stringMatching(/^Pages 3–4: /) }]);
  });

  it('an encrypted file opens with the empty password or says what to do', async () => {
    const locked = await made((document) => document.text('secret words'), { userPassword: 'p', pdfVersion: '1.7' });
    await expect(readAll(engine, locked)).rejects.toMatchObject({
      code: 'read.encrypted',
      hint: expect.stringContaining('password'),
    });
    const open = await made((document) => document.text('open words'), { ownerPassword: 'p', pdfVersion: '1.7' });
    expect((await readAll(engine, open)).pages[0]?.text).toBe('open words');
  });

  it('a file without pages is empty or refused', async () => {
    const outcome = await readAll(engine, pdfOf([])).catch((error: unknown) => error);
    if (outcome instanceof Error) expect(outcome).toMatchObject({ code: 'read.broken' });
    else expect(outcome).toMatchObject({ pages: [] });
  });
});
