import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Loss } from '#contract/loss.ts';
import type { Pixels } from '#contract/media.ts';
import type { Picture } from '#contract/perception.ts';
import type { Reader } from '#contract/ports.ts';
import { decodePicture } from '#runtime/pixels/picture.ts';
import { encodePng, resize, rotate } from '#runtime/pixels/shape.ts';
import { loadSharp } from '#runtime/pixels/sharp.ts';
import { modelFolder } from '../../../test/model-folder.ts';
import { readerExam } from './conformance.ts';
import { readerFor } from './engines/index.ts';
import { see } from './see.ts';

interface Row {
  readonly file: string;
  readonly text: string;
}

const data = new URL('../../../../shared/data/', import.meta.url).pathname;
const fixtures = new URL('./__fixtures__/', import.meta.url).pathname;
const rows = existsSync(join(data, 'manifest.jsonl'))
  ? readFileSync(join(data, 'manifest.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((row) => JSON.parse(row) as Row)
      .filter((row) => row.file.startsWith('image/'))
  : [];
console.log(`reading: ${rows.length} shared pictures${rows.length === 0 ? ' (shared data is absent: skipped)' : ''}`);

const signal = new AbortController().signal;
const fixture = (name: string) => readFileSync(join(fixtures, name));
const pixelsOf = async (bytes: Uint8Array) => (await decodePicture(bytes, { maxPixels: 1e8, signal })).pixels();
let reader: Reader;
beforeAll(async () => {
  reader = await readerFor('pp-ocrv4', { modelDir: modelFolder });
});
afterAll(() => reader?.close());

async function seen(what: { bytes: Uint8Array } | { pixels: Pixels }): Promise<{ picture: Picture; losses: Loss[] }> {
  const losses: Loss[] = [];
  const picture = await see(
    { part: 'part-1', mimeType: 'image/png', ...what },
    { reader, describer: null },
    { signal, note: (loss) => losses.push(loss) },
  );
  return { picture, losses };
}

readerExam(
  'pp-ocrv4',
  () => readerFor('pp-ocrv4', { modelDir: modelFolder }),
  () => pixelsOf(fixture('columns.png')),
);

/** Edits between two texts, by characters, white space left out. */
function errors(reference: string, hypothesis: string): number {
  const [from, to] = [reference, hypothesis].map((text) => [...text.normalize('NFKC').replaceAll(/\s/g, '')]);
  let last = Array.from({ length: (to?.length ?? 0) + 1 }, (_, at) => at);
  for (const [row, one] of (from ?? []).entries()) {
    const next = [row + 1];
    for (const [at, other] of (to ?? []).entries()) {
      next.push(Math.min((last[at] ?? 0) + (one === other ? 0 : 1), (last[at + 1] ?? 0) + 1, (next[at] ?? 0) + 1));
    }
    last = next;
  }
  return last.at(-1) ?? 0;
}

describe.skipIf(rows.length === 0)('pp-ocrv4 on shared pictures', () => {
  it('reads clean prints: at least 98 % of all characters', async () => {
    let [wrong, all] = [0, 0];
    for (const row of rows.filter(({ text }) => text !== '')) {
      const { picture, losses } = await seen({ bytes: readFileSync(join(data, row.file)) });
      const mistakes = errors(row.text, picture.text);
      const length = [...row.text.replaceAll(/\s/g, '')].length;
      console.log(
        `${row.file}: ${mistakes} of ${length} characters wrong; ${losses.map(({ kind }) => kind).join(', ')}`,
      );
      expect(mistakes / length).toBeLessThan(0.03);
      wrong += mistakes;
      all += length;
    }
    console.log(`all: ${wrong} of ${all}`);
    expect(wrong / all).toBeLessThanOrEqual(0.02);
  });

  it('keeps the spaces of English', async () => {
    const row = rows.find(({ file }) => file.endsWith('en_testocr.png'));
    const { picture } = await seen({ bytes: readFileSync(join(data, row?.file ?? '')) });
    expect(picture.text.split(/\s+/)).toEqual(row?.text.split(/\s+/));
  });

  it('invents nothing where nothing is written', async () => {
    for (const row of rows.filter(({ text }) => text === '')) {
      const { picture, losses } = await seen({ bytes: readFileSync(join(data, row.file)) });
      expect(picture).toMatchObject({ lines: [], text: '[No writing was found in the picture.]' });
      expect(losses).toEqual([]);
    }
  });
});

describe('pp-ocrv4 on drawn pictures', () => {
  const columns =
    'Rivers and Mountains\n\nThe first column tells of rivers and\nof the towns along their banks. In\nspring the water rises and carries\n' +
    'timber down from the hills. Boats\nwait at the bridge until the flood\nhas passed and the market opens.\n\n' +
    'The second column speaks about the\nweather in the mountains. Snow falls\nearly and stays until May. Shepherds\n' +
    'bring their flocks down in October\nand sell the wool in the valley. A\nroad was built there last summer.';

  it.each([0, 90, 180, 270, 4])('reads columns turned by %s degrees', async (degrees) => {
    const { picture } = await seen({ pixels: await rotate(await pixelsOf(fixture('columns.png')), degrees) });
    expect(picture.text).toBe(columns);
  });

  it('reads columns of upright Chinese from right to left', async () => {
    const { picture } = await seen({ bytes: fixture('vertical.png') });
    expect(picture.text).toBe('春眠不觉晓\n处处闻啼鸟\n夜来风雨声\n花落知多少');
    expect(picture.lines.map(({ direction }) => direction)).toEqual(Array(4).fill('vertical'));
  });

  it('keeps tables, with and without rules', async () => {
    expect((await seen({ bytes: fixture('table.png') })).picture.text).toMatch(
      /^\| Item \| Quantity \| Price \|\n\| --- \| --- \| --- \|\n\| Apples \| 12 \| 3\.40 \|/,
    );
    expect((await seen({ bytes: fixture('ruled.png') })).picture.text).toMatch(
      /^\| 姓名 \| 部门 \| 电话 \|\n\| --- \| --- \| --- \|\n\| 王小明 \| 财务部 \| 13800138000 \|/,
    );
  });

  it('marks small print and characters that it cannot write', async () => {
    const small = await seen({ bytes: fixture('small.png') });
    expect(small.picture.text).toContain('小字说明：本产品不含防腐剂，请在阴凉处保存。');
    expect(small.losses.map(({ kind }) => kind)).toContain('small-print');
    const { picture, losses } = await seen({ bytes: fixture('unwritable.png') });
    expect(picture.text).toBe('支持龙头□业跨区域经营');
    expect(losses).toMatchObject([{ kind: 'unwritable-character' }]);
    expect(reader.canWrite('藨')).toBe(false);
    expect(reader.canWrite('龙')).toBe(true);
  });

  it('reads the same from CMYK, 16 bits, TIFF and GIF', async () => {
    const sharp = await loadSharp();
    const { widthPx: width, heightPx: height, rgb } = await pixelsOf(fixture('table.png'));
    const picture = () => sharp(rgb, { raw: { width, height, channels: 3 } });
    const wanted = (await seen({ bytes: fixture('table.png') })).picture.text;
    for (const bytes of [
      await picture().toColourspace('cmyk').jpeg({ quality: 95 }).toBuffer(),
      await picture().toColourspace('rgb16').png().toBuffer(),
      await picture().tiff({ compression: 'lzw' }).toBuffer(),
      await picture().gif().toBuffer(),
    ]) {
      expect((await seen({ bytes })).picture.text).toBe(wanted);
    }
  });

  it('takes as long as it takes', async () => {
    const page = await pixelsOf(fixture('columns.png'));
    for (const scale of [1, 2, 3]) {
      const larger = await resize(page, page.widthPx * scale, page.heightPx * scale);
      const bytes = await encodePng(larger);
      const startMs = performance.now();
      await seen({ bytes });
      const megapixels = (larger.widthPx * larger.heightPx) / 1e6;
      console.log(`${megapixels.toFixed(1)} megapixels, 13 lines: ${Math.round(performance.now() - startMs)} ms`);
    }
  });
});
