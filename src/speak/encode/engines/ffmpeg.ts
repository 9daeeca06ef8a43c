import { SensoriumError } from '#contract/error.ts';
import { pcm16 } from '#kit/pcm.ts';
import { encodeWithFfmpeg, ffmpegEncoders } from '#runtime/encode/ffmpeg.ts';
import { findFfmpeg } from '#runtime/ffmpeg.ts';
import type { SoundEncoder } from '../encoder.ts';
import { OUT_RATE_HZ, SOUND_FORMATS, type SoundFormat } from '../formats.ts';

/** ffmpeg's encoder for each format, and its words for what is wanted of it. `null`: needs no encoder of its. */
export const FFMPEG_ENCODERS: Readonly<
  Record<SoundFormat, { readonly encoder: string; readonly words: string[] } | null>
> = {
  wav: null,
  // Without tags and without the frame that tells the length, which only a file could be given afterwards.
  mp3: { encoder: 'libmp3lame', words: ['-write_xing', '0', '-id3v2_version', '0', '-f', 'mp3'] },
  // A page for every three frames: its head costs 28 bytes, and waiting for a full second, as is usual, costs a second.
  opus: { encoder: 'libopus', words: ['-frame_duration', '20', '-page_duration', '60000', '-f', 'opus'] },
  aac: { encoder: 'aac', words: ['-f', 'adts'] },
  flac: { encoder: 'flac', words: ['-f', 'flac'] },
  pcm: { encoder: 'pcm_s16le', words: ['-f', 's16le'] },
};

/** Encodes with ffmpeg, in a process of its own, everything but WAV. */
export const ffmpegEncoder: SoundEncoder = {
  id: 'ffmpeg',

  async ready({ format }) {
    const program = await findFfmpeg();
    const encoder = FFMPEG_ENCODERS[format]?.encoder;
    return program !== null && encoder !== undefined && (await ffmpegEncoders(program)).has(encoder);
  },

  async *encode(pcm, { format, sampleRateHz }, signal) {
    const [program, coding] = [await findFfmpeg(), FFMPEG_ENCODERS[format]];
    if (!program || !coding) throw new SensoriumError('speak.encoder-missing', `ffmpeg cannot write ${format} here.`);
    const { bitRateKbps } = SOUND_FORMATS[format];
    const rate = bitRateKbps === null ? [] : ['-b:a', `${bitRateKbps}k`];
    const words = ['-c:a', coding.encoder, ...rate, '-ar', String(OUT_RATE_HZ), ...coding.words];
    yield* encodeWithFfmpeg(program, { inputRateHz: sampleRateHz, coding: words }, inSteps(pcm), signal);
  },
};

async function* inSteps(pcm: AsyncIterable<Float32Array>): AsyncGenerator<Uint8Array> {
  for await (const piece of pcm) yield pcm16(piece);
}
