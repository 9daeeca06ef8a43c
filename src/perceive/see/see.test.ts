import { describe, expect, it } from 'vitest';
import type { Loss } from '#contract/loss.ts';
import type { Pixels } from '#contract/media.ts';
import type { Describer } from '#contract/ports.ts';
import { encodePng } from '#runtime/pixels/shape.ts';
import { loadSharp } from '#runtime/pixels/sharp.ts';
import { blank, readerExam } from './conformance.ts';
import { readerEntry, readerFor } from './engines/index.ts';
import { fakeReader } from './fake.ts';
import { see } from './see.ts';

const drawn: Pixels = { widthPx: 4, heightPx: 2, rgb: Uint8Array.from({ length: 24 }, (_, at) => at * 10) };
const signal = new AbortController().signal;

readerExam(
  'fake',
  async () => fakeReader(),
  async () => drawn,
);

const describer: Describer = {
  id: 'teller',
  describe: async ({ language, written }) => ({ text: `${language} ${written}`.trim() }),
  close: async () => {},
};

async function seeing(more: Partial<Parameters<typeof see>[0]>, eyes: Partial<Parameters<typeof see>[1]> = {}) {
  const losses: Loss[] = [];
  const picture = await see(
    { part: 'part-1', mimeType: 'image/png', ...more },
    { reader: fakeReader(), describer: null, ...eyes },
    { signal, note: (loss) => losses.push(loss) },
  );
  return { picture, losses };
}

describe('see', () => {
  it('tells what is written, and where each line stands in the text', async () => {
    const { picture } = await seeing({ bytes: await encodePng(drawn) });
    expect(picture).toMatchObject({
      text: 'la',
      widthPx: 4,
      heightPx: 2,
      frames: 1,
      engine: 'fake',
      description: null,
    });
    expect(picture.lines[0]?.start).toBe(0);
  });

  it('says plainly that nothing is written, in both languages', async () => {
    expect((await seeing({ pixels: blank(9, 9) })).picture.text).toBe('[No writing was found in the picture.]');
    expect((await seeing({ pixels: blank(9, 9), language: 'zh' })).picture.text).toBe('[图中没有发现文字。]');
    expect((await seeing({ pixels: blank(9, 9) }, { reader: null })).picture).toMatchObject({
      text: '',
      engine: 'none',
    });
  });

  it('adds what is shown, handing on what was read', async () => {
    const { picture } = await seeing({ pixels: drawn, language: 'zh' }, { describer });
    expect(picture.text).toBe('图中内容：zh la\n\n图中文字：\n\nla');
    expect(picture).toMatchObject({ engine: 'fake + teller', description: { text: 'zh la', omits: [] } });
    const start = picture.lines[0]?.start ?? 0;
    expect([...picture.text].slice(start).join('')).toBe('la');
    expect((await seeing({ pixels: drawn, describe: false }, { describer })).picture.description).toBeNull();
  });

  it('sees the frames of an animation that differ, and says when there were more', async () => {
    const { picture, losses } = await seeing({ bytes: await animation([0, 0, 250]) });
    expect(picture).toMatchObject({ frames: 2, text: '[No writing was found in the picture.]' });
    expect(losses).toEqual([]);
    const many = await seeing({ bytes: await animation(Array.from({ length: 20 }, (_, at) => (at * 67) % 256)) });
    expect(many.losses).toMatchObject([{ kind: 'frames-sampled', part: 'part-1', extent: 4 }]);
  });

  it('answers a broken picture with its own error, and stops when cancelled', async () => {
    await expect(seeing({ bytes: Buffer.from('x') })).rejects.toMatchObject({ code: 'see.unsupported' });
    const stopped = see(
      { part: 'part-1', pixels: drawn, mimeType: 'image/png' },
      { reader: fakeReader(), describer: null },
      { signal: AbortSignal.abort(), note: () => {} },
    );
    await expect(stopped).rejects.toMatchObject({ code: 'kit.cancelled' });
  });
});

describe('readers', () => {
  it('are found by their names', async () => {
    expect(readerEntry('pp-ocrv4').model).toBe('pp-ocrv4');
    const unknown = readerFor('pp-ocrv9', { modelDir: async () => '' });
    await expect(unknown).rejects.toMatchObject({
      code: 'see.unknown-engine',
      hint: expect.stringContaining('pp-ocrv4'),
    });
  });
});

async function animation(shades: readonly number[]): Promise<Uint8Array> {
  const sharp = await loadSharp();
  const frames = shades.map((shade) =>
    sharp({ create: { width: 20, height: 10, channels: 3, background: { r: shade, g: shade, b: shade } } })
      .png()
      .toBuffer(),
  );
  return sharp(await Promise.all(frames), { join: { animated: true } })
    .gif({ delay: 100 })
    .toBuffer();
}
