import { describe, expect, it } from 'vitest';
import { SensoriumError } from '#contract/error.ts';
import type { Loss } from '#contract/loss.ts';
import type { Pixels } from '#contract/media.ts';
import type { Describer } from '#contract/ports.ts';
import { loadSharp } from '#runtime/pixels/sharp.ts';
import { fakeReader } from './fake.ts';
import { type Eyes, type Seeing, see } from './see.ts';

const drawn: Pixels = { widthPx: 40, heightPx: 20, rgb: Uint8Array.from({ length: 2_400 }, (_, at) => at % 256) };

function teller(text: string | (() => string), objects?: readonly string[]): Describer {
  return {
    id: 'teller',
    describe: async () => ({ text: typeof text === 'string' ? text : text(), objects }),
    close: async () => {},
  };
}
const refusing = teller(() => {
  throw new SensoriumError('see.not-described', 'No eyes today.', { hint: 'Come back.' });
});

async function seeing(more: Partial<Seeing>, eyes: Partial<Eyes>, signal = new AbortController().signal) {
  const losses: Loss[] = [];
  const picture = await see(
    { part: 'part-1', mimeType: 'image/png', pixels: drawn, ...more },
    { reader: fakeReader('EXIT NOW'), describer: null, ...eyes },
    { signal, note: (loss) => losses.push(loss) },
  );
  return { picture, losses };
}

async function twoFrames(): Promise<Uint8Array> {
  const sharp = await loadSharp();
  const raw = { width: 8, height: 16, channels: 3, pageHeight: 8 } as const;
  return sharp(Buffer.from(Array.from({ length: 384 }, (_, at) => (at < 192 ? at % 7 : 255 - (at % 7)))), { raw })
    .gif({ delay: [100, 100] })
    .toBuffer();
}

describe('a description', () => {
  it('lists what it omits of the writing and the objects', async () => {
    const { picture, losses } = await seeing({}, { describer: teller('A door.', ['door', 'dog']) });
    expect(picture.description).toEqual({ text: 'A door.', engine: 'teller', omits: ['“EXIT NOW”', 'dog'] });
    expect(losses).toEqual([]);
    const told = await seeing({ language: 'zh' }, { describer: teller('门上写着“EXIT NOW”。', ['door', 'dog']) });
    expect(told.picture.description?.omits).toEqual(['狗']);
  });

  it('that quotes what was not read disagrees with the reader, and both are named', async () => {
    const { picture, losses } = await seeing({}, { describer: teller('A sign: “EXIT LATER 5”. Exit now!') });
    expect(picture.description?.omits).toEqual([]);
    expect(losses).toMatchObject([
      {
        kind: 'readers-disagree',
        stage: 'perceive',
        part: 'part-1',
        engine: 'teller + fake',
        text: 'EXIT LATER 5',
        certainty: 'estimated',
        message: 'teller quotes “EXIT LATER 5” from the picture; fake read “EXIT NOW”.',
      },
    ]);
    const unlike = await seeing({}, { describer: teller('Exit now, says “咖啡”.') });
    expect(unlike.losses[0]?.message).toContain('fake read nothing like it');
    expect((await seeing({}, { reader: null, describer: teller('It says “hello”.') })).losses).toEqual([]);
  });

  it('compares traditional writing with simplified words', async () => {
    const zh = { reader: fakeReader('營業時間'), describer: teller('门上贴着“营业时间”。') };
    const { picture, losses } = await seeing({ language: 'zh' }, zh);
    expect([picture.description?.omits, losses]).toEqual([[], []]);
  });
});

describe('a describer that fails', () => {
  it('fails the picture, when that is all there is', async () => {
    await expect(seeing({}, { describer: refusing })).rejects.toMatchObject({ code: 'see.not-described' });
  });

  it('leaves one picture of many without a description, with the reason', async () => {
    const { picture, losses } = await seeing({ oneOfMany: true }, { describer: refusing });
    expect(picture).toMatchObject({ text: 'EXIT NOW', description: null });
    expect(losses).toMatchObject([
      {
        kind: 'not-described',
        stage: 'perceive',
        part: 'part-1',
        engine: 'teller',
        message: 'teller did not describe it: No eyes today.',
        action: 'Come back.',
      },
    ]);
  });

  it('leaves the other frames their descriptions', async () => {
    let asked = 0;
    const once = teller(() => {
      asked++;
      if (asked === 1) throw new SensoriumError('see.not-described', 'Not this one.');
      return 'The second.';
    });
    const { picture, losses } = await seeing({ pixels: undefined, bytes: await twoFrames() }, { describer: once });
    expect(picture.description?.text).toBe('The second.');
    expect(losses.map(({ kind }) => kind)).toEqual(['not-described']);
  });

  it('still stops when it is cancelled, and hides no mistake of ours', async () => {
    const controller = new AbortController();
    const cancelling = teller(() => {
      controller.abort();
      throw new SensoriumError('ask.upstream-failed', 'The connection was closed.');
    });
    const many = { oneOfMany: true };
    await expect(seeing(many, { describer: cancelling }, controller.signal)).rejects.toMatchObject({
      code: 'kit.cancelled',
    });
    const mistaken = teller(() => {
      throw new TypeError('undefined is not a function');
    });
    await expect(seeing(many, { describer: mistaken })).rejects.toThrow(TypeError);
  });
});
