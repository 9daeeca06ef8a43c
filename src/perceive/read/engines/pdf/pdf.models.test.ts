import { existsSync } from 'node:fs';
import PDFDocument from 'pdfkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Reader } from '#contract/ports.ts';
import { pdfHere } from '#runtime/pdf/__fixtures__/here.ts';
import { pdfOf, say } from '#runtime/pdf/__fixtures__/pdf.ts';
import { encodePng } from '#runtime/pixels/shape.ts';
import { modelFolder } from '../../../../../test/model-folder.ts';
import { readerFor } from '../../../see/engines/index.ts';
import { readAll } from '../../conformance.ts';
import { pdf } from './engine.ts';
import { agreement } from './look.ts';

const payment = new URL('../../../../../../shared/data/image/zh_payment.png', import.meta.url).pathname;
const lines = [
  'Scanned pages carry no text of their own.',
  'They are painted and read like pictures,',
  'and every line says where it was found.',
  'Nothing that stands on them is made up.',
];

let reader: Reader;
beforeAll(async () => {
  reader = await readerFor('pp-ocrv4', { modelDir: modelFolder });
});
afterAll(() => reader?.close());

async function scanned(add: (document: PDFKit.PDFDocument) => void): Promise<Uint8Array> {
  const document = new PDFDocument({ autoFirstPage: false });
  const pieces: Buffer[] = [];
  document.on('data', (piece: Buffer) => pieces.push(piece));
  const ended = new Promise((resolve) => document.on('end', resolve));
  add(document);
  document.end();
  await ended;
  return Buffer.concat(pieces);
}

describe('a scanned PDF with the real reader', () => {
  it('gives the words that were printed', async () => {
    const print = await pdfHere(
      pdfOf([{ content: lines.map((line, index) => say(line, 72, 700 - index * 22, { sizePt: 14 })).join('') }]),
    );
    const png = Buffer.from(await encodePng(print.picture(1, { dpi: 200, maxSidePx: 4_000 })));
    print.close();
    const bytes = await scanned((document) => {
      document.addPage({ size: 'A4', margin: 0 }).image(png, 0, 0, { width: 595, height: 842 });
    });
    const { pages } = await readAll(pdf(), bytes, { reader });
    expect(pages[0]).toMatchObject({ source: 'ocr', engine: reader.id });
    const found = (pages[0]?.text ?? '').replaceAll(/\s+/g, ' ');
    console.log(`a printed page, scanned: agreement ${agreement(lines.join(' '), found).toFixed(3)}`);
    expect(agreement(lines.join(' '), found)).toBeGreaterThan(0.97);
    const points = [...(pages[0]?.text ?? '')];
    for (const { text, start } of pages[0]?.lines ?? []) {
      if (start !== null) expect(points.slice(start, start + [...text].length).join('')).toBe(text);
    }
  });

  const here = existsSync(payment);
  if (!here) console.log('shared data is absent: the Chinese scan is skipped');
  it.skipIf(!here)('gives Chinese as it stands in the picture', async () => {
    const bytes = await scanned((document) => {
      document.addPage({ size: 'A4', margin: 0 }).image(payment, 60, 100, { width: 475 });
    });
    const { pages } = await readAll(pdf(), bytes, { reader });
    const text =
      '网络支付并无本质的区别，因为每一个手机号码和邮件地址背后都会对应着一个账户——这个账户可以是信用卡账户、借记卡账户，也包括邮局汇款、手机代收、电话代收、预付费卡和点卡等多种形式。';
    console.log(`a Chinese scan: agreement ${agreement(text, pages[0]?.text ?? '').toFixed(3)}; ${pages[0]?.reason}`);
    expect(pages[0]?.source).toBe('ocr');
    expect(agreement(text, pages[0]?.text ?? '')).toBeGreaterThan(0.95);
  });
});
