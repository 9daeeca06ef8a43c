import { readFile } from 'node:fs/promises';
import { SensoriumError } from '#contract/error.ts';
import { HEARING_RATE_HZ } from '#contract/media.ts';
import { throwIfCancelled } from '#kit/abort.ts';
import { countAndMend } from './counter.ts';
import type { Decoder } from './decoder.ts';

const PIECE = HEARING_RATE_HZ / 4;

/** The smallest correct decoder: for AU files (`.snd`) of 32-bit float, mono, 16 kHz, with the plain 24-byte head. */
export const fakeDecoder: Decoder = {
  id: 'fake',
  purpose: 'reads one plain coding, for tests',
  takes: (mimeType) => mimeType === 'audio/basic',
  available: async () => true,

  async look(file) {
    const bytes = await readFile(file.path);
    if (bytes.length < 24 || bytes.readUInt32BE(12) !== 6) {
      throw new SensoriumError('media.broken', `${file.name} is not 32-bit float.`, { hint: 'Give another file.' });
    }
    const soundMs = bytes.readUInt32BE(8) / 4 / (HEARING_RATE_HZ / 1_000);
    return { hasSound: true, hasPicture: false, declaredMs: soundMs, soundMs };
  },

  async *decode(file, counter, signal) {
    const bytes = await readFile(file.path);
    for (let at = 24; at + 4 <= bytes.length; at += PIECE * 4) {
      throwIfCancelled(signal);
      const length = Math.min(PIECE, Math.floor((bytes.length - at) / 4));
      const piece = Float32Array.from({ length }, (_, index) => bytes.readFloatBE(at + index * 4));
      countAndMend(piece, counter);
      yield piece;
    }
    if (counter.total === 0) {
      throw new SensoriumError('media.broken', `${file.name} is empty.`, { hint: 'Give another file.' });
    }
  },
};
