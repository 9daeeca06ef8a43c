import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runCommand } from '#kit/command.ts';
import { findFfmpeg } from '#runtime/ffmpeg.ts';
import { joined, pcm16, sine, wavFile } from '../__fixtures__/wav.ts';
import { examineDecoder } from '../conformance.ts';
import { sampleCounter } from '../counter.ts';
import { fakeDecoder } from '../fake.ts';
import { sniff } from '../sniff.ts';
import { takeMedia } from '../take.ts';
import { audioDecodeDecoder } from './audio-decode/engine.ts';
import { ffmpegDecoder, readDescription } from './ffmpeg/engine.ts';
import { wavDecoder } from './wav/engine.ts';

const folder = await mkdtemp(join(tmpdir(), 'sensorium-test-'));
afterAll(() => rm(folder, { recursive: true }));
const ffmpeg = await findFfmpeg();
const signal = new AbortController().signal;

// The same in both channels: the mean of them must not be louder than one.
const stereoTone = wavFile(pcm16([...sine(440, 44_100, 2)].flatMap((sample) => [sample, sample])), {
  sampleRateHz: 44_100,
  channels: 2,
});

/** The exam's tone (or another) as a file, made by ffmpeg from a WAV file unless it is one. */
async function written(name: string, args: readonly string[], wav = stereoTone) {
  const path = join(folder, name);
  if (name.endsWith('.wav') && args.length === 0) await writeFile(path, wav);
  else {
    const source = join(folder, `${name}.source.wav`);
    await writeFile(source, wav);
    const made = await runCommand(ffmpeg ?? 'ffmpeg', ['-v', 'error', '-y', '-i', source, ...args, path]);
    expect(made.stderr, name).toBe('');
  }
  return { path, name, mimeType: (await sniff(path)).mimeType };
}

const formats: readonly (readonly [string, readonly string[]])[] = [
  ['tone.mp3', []],
  ['tone.m4a', []],
  ['tone.flac', []],
  ['vorbis.ogg', ['-c:a', 'libvorbis']],
  ['opus.ogg', ['-c:a', 'libopus']],
  ['tone.webm', ['-c:a', 'libopus']],
  ['tone.mkv', ['-c:a', 'libvorbis']],
  ['tone.aac', ['-b:a', '128k']],
  ['tone.aiff', []],
  ['tone.caf', []],
  ['adpcm.wav', ['-c:a', 'adpcm_ms']],
];

examineDecoder('wav', wavDecoder, async () => ({ folder, tone: await written('tone.wav', []) }));
examineDecoder('au', fakeDecoder, async () => {
  const samples = sine(440, 16_000, 2);
  const bytes = Buffer.alloc(24 + samples.length * 4);
  bytes.write('.snd');
  [24, samples.length * 4, 6, 16_000, 1].forEach((value, at) => {
    bytes.writeUInt32BE(value, 4 + at * 4);
  });
  samples.forEach((sample, at) => {
    bytes.writeFloatBE(sample, 24 + at * 4);
  });
  const path = join(folder, 'tone.au');
  await writeFile(path, bytes);
  return { folder, tone: { path, name: 'tone.au', mimeType: (await sniff(path)).mimeType } };
});

it('finds an ffmpeg to take the exam with (it comes with the development packages)', () => {
  expect(ffmpeg).not.toBeNull();
});

for (const [name, args] of formats) {
  examineDecoder(name, ffmpegDecoder, async () => ({ folder, tone: await written(name, args) }));
}
// Each of these starts processes; all formats are heard in the models project.
for (const [name, args] of formats.slice(0, 2)) {
  examineDecoder(name, audioDecodeDecoder, async () => ({ folder, tone: await written(name, args) }));
}

describe('ffmpeg', () => {
  it.each([48_000, 44_100])('has a low-pass as good as ours at %i Hz', async (from) => {
    const level = async (hz: number) => {
      const wav = wavFile(pcm16(sine(hz, from, 0.5, 0.9)), { sampleRateHz: from });
      const tone = { ...(await written('sweep.wav', [], wav)), mimeType: 'audio/vnd.wave' };
      const samples = await joined(ffmpegDecoder.decode(tone, sampleCounter(), signal));
      const steady = samples.subarray(2_000, 6_000);
      return 10 * Math.log10((2 * steady.reduce((sum, value) => sum + value ** 2, 0)) / steady.length / 0.81 + 1e-20);
    };
    for (const hz of [100, 3_000, 6_000, 6_800, 7_000]) expect(Math.abs(await level(hz)), `${hz} Hz`).toBeLessThan(1);
    for (const hz of [8_000, 8_100, 8_500, 9_000, 12_000, 15_900, 16_100, 20_000]) {
      expect(await level(hz), `${hz} Hz`).toBeLessThan(-60);
    }
  });

  it('is not led elsewhere by a playlist that looks like sound', async () => {
    const secret = await written('secret.wav', []);
    const path = join(folder, 'list.mp3');
    await writeFile(path, `ffconcat version 1.0\nfile ${secret.path}\n`);
    const list = { path, name: 'list.mp3', mimeType: 'audio/mpeg' };
    await expect(ffmpegDecoder.look(list, signal)).rejects.toMatchObject({ code: 'media.broken' });
  });

  it('reads a description: sound beside a cover picture, a film, a length that is only a guess', () => {
    const head = 'Input #0, mp3, from x:\n  Duration: 01:02:03.50, start: 0\n    Stream #0:0: Audio: mp3\n';
    expect(readDescription(`${head}    Stream #0:1: Video: png (attached pic)\n`)).toEqual({
      hasSound: true,
      hasPicture: false,
      declaredMs: 3_723_500,
      soundMs: 3_723_500,
    });
    expect(readDescription(`${head}    Stream #0:1: Video: h264\n`)).toMatchObject({ hasPicture: true, soundMs: null });
    expect(readDescription(`Estimating duration from bitrate\n${head}`)?.declaredMs).toBeNull();
    expect(readDescription('x: Invalid data found when processing input')).toBeNull();
  });
});

describe('a file of a few bytes that claims a lot', () => {
  const au = (coding: number, rateHz: number, channels: number) => {
    const bytes = Buffer.alloc(1_424);
    bytes.write('.snd');
    [24, 1_400, coding, rateHz, channels].forEach((value, at) => {
      bytes.writeUInt32BE(value, 4 + at * 4);
    });
    return bytes;
  };
  const info = Buffer.alloc(42);
  info.write('fLaC\x80\0\0\x22', 'latin1');
  info.writeUInt16BE(4_096, 8);
  info.writeUInt16BE(4_096, 10);
  // 48 kHz, mono, 16 bits, and as many samples as can be written: 16 days.
  info.writeBigUInt64BE((48_000n << 44n) | (15n << 36n) | (2n ** 36n - 1n), 18);
  const frame = Buffer.concat([Buffer.from('fffb9064', 'hex'), Buffer.alloc(413)]);
  const xing = Buffer.from(frame);
  xing.write('Xing\0\0\0\x01\xff\xff\xff\xf0', 36, 'latin1');

  it.each<[string, Buffer, RegExp]>([
    ['one sample a second', au(3, 1, 1), /claims 1 samples a second/],
    ['samples by the billion', au(3, 4_000_000, 1), /claims 4000000 samples/],
    ['a thousand channels', au(3, 8_000, 1_000), /claims 1000 channels/],
  ])('is refused before ffmpeg decodes it: %s', async (name, bytes, message) => {
    const path = join(folder, 'claims.au');
    await writeFile(path, bytes);
    await expect(ffmpegDecoder.look({ path, name, mimeType: 'audio/basic' }, signal)).rejects.toMatchObject({
      code: 'media.broken',
      message: expect.stringMatching(message),
    });
  });

  it.each<[string, Buffer]>([
    ['days.flac', info],
    ['years.mp3', Buffer.concat([xing, frame, frame])],
  ])('is refused for its length: %s', async (name, bytes) => {
    const taking = takeMedia({ kind: 'bytes', bytes, name }, { part: 'part-1', signal, note: () => {} });
    await expect(taking).rejects.toMatchObject({ code: 'media.too-long' });
  });
});

it('audio-decode sends what needs the whole file in memory to ffmpeg when it is large', async () => {
  const path = join(folder, 'large.m4a');
  await writeFile(path, '');
  const { truncate } = await import('node:fs/promises');
  await truncate(path, 65 * 2 ** 20);
  expect((await stat(path)).size).toBeGreaterThan(64 * 2 ** 20);
  await expect(
    audioDecodeDecoder.look({ path, name: 'large.m4a', mimeType: 'audio/mp4' }, signal),
  ).rejects.toMatchObject({ code: 'media.decoder-missing' });
});
