import { canEncodeWithLame, encodeWithLame } from '#runtime/encode/lame.ts';
import type { SoundEncoder } from '../encoder.ts';
import { OUT_RATE_HZ, SOUND_FORMATS } from '../formats.ts';

/** Encodes MP3 where there is no ffmpeg, with LAME as WebAssembly. */
export const lameEncoder: SoundEncoder = {
  id: 'lame',
  ready: async ({ format }) => format === 'mp3' && canEncodeWithLame(),
  encode: (pcm, { sampleRateHz }, signal) =>
    encodeWithLame(
      { inputRateHz: sampleRateHz, outputRateHz: OUT_RATE_HZ, bitRateKbps: SOUND_FORMATS.mp3.bitRateKbps },
      pcm,
      signal,
    ),
};
