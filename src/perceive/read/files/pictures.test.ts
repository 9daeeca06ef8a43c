import { expect, it } from 'vitest';
import { SensoriumError } from '#contract/error.ts';
import type { TextLine } from '#contract/perception.ts';
import type { Reader } from '#contract/ports.ts';
import { fixture, word } from '../__fixtures__/office.ts';
import { readWith } from '../__fixtures__/read-with.ts';
import { pageText, picturesOf } from './pictures.ts';

const line = (text: string, start: number): TextLine => ({
  text,
  start,
  box: [
    [0, 0],
    [9, 0],
    [9, 9],
    [0, 9],
  ],
  direction: 'horizontal',
  heightPx: 9,
  characters: [],
  confidence: null,
  confidenceSource: null,
  unwritable: false,
});

/** Reads every picture as the same two lines, and remembers how large each was. */
function reader(seen: string[] = []): Reader {
  return {
    id: 'reader',
    capabilities: { languages: 'any', characterProbabilities: false },
    canWrite: () => true,
    read: async ({ pixels: { widthPx, heightPx } }) => {
      seen.push(`${widthPx}×${heightPx}`);
      return { text: '𝒙甲\n乙', lines: [line('𝒙甲', 0), line('乙', 3)] };
    },
    close: async () => {},
  };
}

it('what is written in a picture stands quoted below its alternative text, and its lines say where', async () => {
  const seen: string[] = [];
  const { pages, losses } = await readWith('docx', fixture('report.docx'), { reader: reader(seen), language: 'zh' });
  expect(seen).toEqual(['120×40']);
  const page = pages[1];
  expect(page?.text).toContain('![价格标签]\n> 𝒙甲\n> 乙\n\n请核对');
  const characters = [...(page?.text ?? '')];
  for (const { start, text } of page?.lines ?? []) {
    expect(characters.slice(start ?? 0, (start ?? 0) + [...text].length).join('')).toBe(text);
  }
  expect(page).toMatchObject({ source: 'markup', engine: 'reader', lines: [{ text: '𝒙甲' }, { text: '乙' }] });
  expect(losses.map(({ kind }) => kind)).toEqual(['layout']);
});

it('a picture with no words that nobody read is counted', async () => {
  const picture = '<w:p><w:r><w:drawing><wp:inline><a:blip r:embed="rId1"/></wp:inline></w:drawing></w:r></w:p>';
  const bytes = word(picture, { image: '<not a picture/>' });
  const without = await readWith('docx', bytes);
  expect(without.text).toBe('![picture]');
  expect(without.losses).toMatchObject([{ kind: 'not-described', extent: 1, unit: 'pictures' }]);
  const withReader = await readWith('docx', bytes, { reader: reader(), language: 'zh' });
  expect(withReader.text).toBe('![图片]');
  expect(withReader.losses).toMatchObject([{ kind: 'not-described', message: /1 of them could not be decoded/ }]);
});

it('a picture that is not in the file is counted as left out', async () => {
  const picture = '<w:p><w:r><w:drawing><wp:inline><a:blip r:embed="rId1"/></wp:inline></w:drawing></w:r></w:p>';
  const { losses } = await readWith('docx', word(picture, { image: 'media/none.png' }), { reader: reader() });
  expect(losses.map(({ kind, action }) => [kind, action])).toEqual([
    ['not-described', 'where they stand is marked'],
    ['not-described', 'where they stand is marked'],
  ]);
});

it('the same picture is read once, and what is no fault of a picture is thrown', async () => {
  const context = { signal: new AbortController().signal, note: () => {} };
  let decoded = 0;
  const decode = async () => {
    decoded += 1;
    return { widthPx: 1, heightPx: 1, rgb: new Uint8Array(3) };
  };
  const pictures = picturesOf({ part: 'part-1', reader: reader(), decode }, context);
  await pictures.take('a', new Uint8Array());
  await pictures.take('a', new Uint8Array());
  expect(decoded).toBe(1);
  const draft = { title: null, blocks: [{ id: 'a', alt: '' }], reason: '' };
  expect(pageText(draft, pictures, 'en').text).toBe('![picture]\n> 𝒙甲\n> 乙');
  expect(pictures.silent.size).toBe(0);
  const missing = async () => {
    throw new SensoriumError('runtime.package-missing', 'sharp is not installed.');
  };
  const helpless = picturesOf({ part: 'part-1', reader: reader(), decode: missing }, context);
  await expect(helpless.take('a', new Uint8Array())).rejects.toMatchObject({ code: 'runtime.package-missing' });
});
