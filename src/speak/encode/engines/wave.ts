import { pcm16, wavHeader } from '#kit/pcm.ts';
import type { SoundEncoder } from '../encoder.ts';
import { OUT_RATE_HZ } from '../formats.ts';

/** Writes WAV at any rate, and bare PCM where the voice has its rate. Needs nothing. */
export const waveEncoder: SoundEncoder = {
  id: 'wave',
  ready: async ({ format, sampleRateHz }) => format === 'wav' || (format === 'pcm' && sampleRateHz === OUT_RATE_HZ),

  async *encode(pcm, { format, sampleRateHz }) {
    let begun = format === 'pcm';
    for await (const piece of pcm) {
      if (piece.length === 0) continue;
      if (!begun) yield wavHeader(sampleRateHz, null);
      begun = true;
      yield pcm16(piece);
    }
    if (!begun) yield wavHeader(sampleRateHz, 0);
  },
};
