import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { pcm16 } from '#kit/pcm.ts';
import { sampleCounter } from '#media/counter.ts';
import { wavDecoder } from '#media/engines/wav/engine.ts';
import { childProcesses } from '#runtime/encode/__fixtures__/child-processes.ts';
import { OPTIONAL_PACKAGES } from '#runtime/optional.ts';
import { decoded, likeness, sweep } from './__fixtures__/sound.ts';
import { CODING, gathered, pieces } from './conformance.ts';
import { encoderFor, encodeSound, encodeWholeSound, soundFormat } from './encode.ts';
import { ffmpegEncoder } from './engines/ffmpeg.ts';
import { ENCODERS } from './engines/index.ts';
import { lameEncoder } from './engines/lame.ts';
import { waveEncoder } from './engines/wave.ts';
import { SOUND_FORMATS, type SoundFormat } from './formats.ts';

const FORMATS = Object.keys(SOUND_FORMATS) as SoundFormat[];
const folder = await mkdtemp(join(tmpdir(), 'encode-'));
afterAll(() => rm(folder, { recursive: true }));

const context = { signal: new AbortController().signal };
const at = (format: SoundFormat, sampleRateHz = 24_000) => ({ format, sampleRateHz });

describe('formats', () => {
  it('knows OpenAI’s names, and pcm16 for pcm', () => {
    expect(FORMATS.map(soundFormat)).toEqual(FORMATS);
    expect(soundFormat('pcm16')).toBe('pcm');
    for (const name of ['ogg', 'toString', '']) {
      expect(() => soundFormat(name)).toThrow(expect.objectContaining({ code: 'speak.unsupported-format' }));
    }
  });

  it('finds an encoder for each, ffmpeg before LAME', async () => {
    const ids = await Promise.all(FORMATS.map(async (format) => (await encoderFor(format)).id));
    expect(ids).toEqual(['wave', 'ffmpeg', 'ffmpeg', 'ffmpeg', 'ffmpeg', 'wave']);
    expect((await encoderFor('mp3', 24_000, [waveEncoder, lameEncoder])).id).toBe('lame');
    expect((await encoderFor('pcm', 8_000)).id).toBe('ffmpeg');
    expect((await encoderFor('wav', 8_000)).id).toBe('wave');
  });

  it.each([
    ['mp3', 'libmp3lame', `npm install wasm-media-encoders@${OPTIONAL_PACKAGES['wasm-media-encoders'].range}`],
    ['opus', 'libopus', 'ffmpeg'],
    ['aac', 'aac', 'ffmpeg'],
    ['flac', 'flac', 'ffmpeg'],
  ] as const)('says what to install when nothing can write %s, before any sound is made', async (format, ...words) => {
    let asked = false;
    async function* source() {
      asked = true;
      yield sweep(100);
    }
    const refused = gathered(encodeSound(source(), at(format), context, [waveEncoder]));
    await expect(refused).rejects.toMatchObject({ code: 'speak.encoder-missing' });
    for (const word of words) await expect(refused).rejects.toMatchObject({ hint: expect.stringContaining(word) });
    expect(asked).toBe(false);
  });
});

describe('what goes in', () => {
  it('holds what is too loud at full scale and takes NaN for silence', async () => {
    const odd = Float32Array.of(
      0,
      1,
      -1,
      1.5,
      -7,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      1e-9,
    );
    const bytes = await gathered(encodeSound(pieces(odd), at('pcm'), context));
    expect([...new Int16Array(Uint8Array.from(bytes).buffer)]).toEqual(
      [0, 1, -1, 1, -1, 0, 1, -1, 0].map((x) => x * 32_767),
    );
  });

  it.each([
    ['lame', lameEncoder, 'mp3'],
    ['ffmpeg', ffmpegEncoder, 'mp3'],
    ['ffmpeg', ffmpegEncoder, 'opus'],
  ] as const)('%s survives noise beyond all bounds', async (_name, encoder, format) => {
    const wild = Float32Array.from({ length: 24_000 }, (_, i) => [Number.NaN, 1e30, -1e30, i][i % 4] ?? 0);
    const bytes = await gathered(encodeSound(pieces(wild), at(format), context, [encoder]));
    expect((await decoded(bytes, format)).length).toBeGreaterThanOrEqual(24_000);
  });

  it('gives the same WAV however the sound is cut, whatever is in it', async () => {
    const anything = fc.float32Array({ maxLength: 300 });
    const sizes = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(anything, sizes, fc.constantFrom<SoundFormat>('wav', 'pcm'), async (sound, cut, format) => {
        const whole = await gathered(encodeSound(pieces(sound, 1_000), at(format), context));
        expect((await gathered(encodeSound(pieces(sound, ...cut, 7), at(format), context))).equals(whole)).toBe(true);
        expect(whole.subarray(format === 'wav' ? 44 : 0)).toEqual(pcm16(sound));
      }),
    );
  });

  it.each([
    ['pcm', ffmpegEncoder],
    ['flac', ffmpegEncoder],
    ['mp3', ffmpegEncoder],
    ['mp3', lameEncoder],
  ] as const)('brings another rate to 24 kHz: %s', async (format, encoder) => {
    const bytes = await gathered(encodeSound(pieces(sweep(1_500, 8_000)), at(format, 8_000), context, [encoder]));
    const { correlation, extra } = likeness(sweep(1_500), await decoded(bytes, format), CODING[format].delay + 100);
    expect(correlation).toBeGreaterThan(0.98);
    expect(Math.abs(extra)).toBeLessThan(CODING[format].frame + 100);
  });
});

describe('WAV', () => {
  it('is streamed with open sizes and given whole with true ones; our own reader takes both', async () => {
    const sound = sweep(300, 16_000);
    const [streamed, whole] = [
      await gathered(encodeSound(pieces(sound), at('wav', 16_000), context)),
      Buffer.from(await encodeWholeSound(pieces(sound), at('wav', 16_000), context)),
    ];
    expect([streamed.readUInt32LE(4), streamed.readUInt32LE(40)]).toEqual([0xffffffff, 0xffffffff]);
    expect([whole.readUInt32LE(4), whole.readUInt32LE(40)]).toEqual([whole.length - 8, whole.length - 44]);
    for (const [name, bytes] of Object.entries({ streamed, whole })) {
      const path = join(folder, name);
      await writeFile(path, bytes);
      const heard: number[] = [];
      const file = { path, name, mimeType: 'audio/wav' };
      for await (const piece of wavDecoder.decode(file, sampleCounter(), context.signal)) heard.push(...piece);
      expect(heard.length).toBe(sound.length);
      expect(Math.max(...heard.map((sample, i) => Math.abs(sample - (sound[i] ?? 0))))).toBeLessThan(1e-4);
    }
  });
});

describe.each([...FORMATS.map((format) => [format, ENCODERS] as const), ['mp3', [lameEncoder]] as const])(
  'cancelling %s',
  (format, encoders) => {
    it('ends it while it waits for sound, and leaves no process', async () => {
      const before = childProcesses();
      const controller = new AbortController();
      let told = false;
      const silent: AsyncIterableIterator<Float32Array> = {
        next: () => new Promise(() => {}),
        return: async () => {
          told = true;
          return { done: true, value: undefined };
        },
        [Symbol.asyncIterator]: () => silent,
      };
      const encoding = gathered(encodeSound(silent, at(format), controller, encoders));
      await setTimeout(20);
      controller.abort();
      await expect(encoding).rejects.toMatchObject({ code: 'kit.cancelled' });
      expect(told).toBe(true);
      expect(childProcesses()).toBeLessThanOrEqual(before);
    });

    it('ends it between two reads, and leaves no process', async () => {
      const before = childProcesses();
      const controller = new AbortController();
      const encoding = encodeSound(pieces(sweep(3_000)), at(format), controller, encoders);
      expect((await encoding.next()).done).toBe(false);
      controller.abort();
      await expect(gathered(encoding)).rejects.toMatchObject({ code: 'kit.cancelled' });
      expect(childProcesses()).toBeLessThanOrEqual(before);
    });
  },
);
