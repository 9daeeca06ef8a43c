import { SensoriumError } from '#contract/error.ts';
import { pcm16 } from '#kit/pcm.ts';
import { resampler } from '#kit/resample.ts';
import { type WavFormat, wavFormatOf } from '#kit/wav-format.ts';

/** A server's sound as it arrives, on its way to being mono 16-bit PCM at one rate. */
export interface SoundBytes {
  /** What is whole with these bytes, which may be cut anywhere. */
  push(bytes: Uint8Array): Uint8Array;
  end(): Uint8Array;
  /** Bytes of a sample that never became whole. */
  readonly leftBytes: number;
}

/**
 * Reads sound by its WAV header, or as headerless 16-bit mono PCM at `plainRateHz`, and gives it at `toHz`. Throws
 * `speak.upstream-failed` for a WAV that is not 16-bit PCM.
 */
export function soundBytes({ plainRateHz, toHz }: { plainRateHz: number; toHz: number }): SoundBytes {
  const plain: WavFormat = { rateHz: plainRateHz, channels: 1, tag: 1, bitsPerSample: 16, skipBytes: 0, dataBytes: 0 };
  let rest = Buffer.alloc(0);
  let format: WavFormat | null = null;
  let convert: ReturnType<typeof resampler> | null = null;
  let left = Number.POSITIVE_INFINITY;

  function take(more: Uint8Array, isLast: boolean): Uint8Array {
    rest = Buffer.concat([rest, more]);
    if (format === null) {
      const found = wavFormatOf(rest, isLast);
      if (found === null) return new Uint8Array(0);
      format = found === 'none' ? plain : mustBePlain(found);
      rest = rest.subarray(format.skipBytes);
      // Whoever streams does not know the length beforehand, and writes 0 or something huge.
      if (format.dataBytes > 0 && format.dataBytes < 0x7fff_0000) left = format.dataBytes;
    }
    const { channels, rateHz } = format;
    convert ??= resampler(rateHz, toHz);
    const frameBytes = 2 * channels;
    const usable = Math.min(rest.length, left);
    const frames = Math.floor(usable / frameBytes);
    const pcm = new Float32Array(frames);
    for (let at = 0; at < frames; at++) {
      let sum = 0;
      for (let channel = 0; channel < channels; channel++) sum += rest.readInt16LE(at * frameBytes + 2 * channel);
      pcm[at] = sum / channels / 32_768;
    }
    left -= frames * frameBytes;
    // What follows the samples of a WAV is no sound.
    rest = left === 0 ? Buffer.alloc(0) : rest.subarray(frames * frameBytes);
    const made = convert.push(pcm);
    return pcm16(isLast ? Float32Array.from([...made, ...convert.end()]) : made);
  }

  return {
    push: (bytes) => take(bytes, false),
    end: () => take(new Uint8Array(0), true),
    get leftBytes() {
      return rest.length;
    },
  };
}

const PCM = 1;
const EXTENSIBLE = 0xfffe;

function mustBePlain(format: WavFormat): WavFormat {
  const { tag, bitsPerSample } = format;
  if ((tag === PCM || tag === EXTENSIBLE) && bitsPerSample === 16) return format;
  throw new SensoriumError('speak.upstream-failed', `The server sent a WAV of ${bitsPerSample} bits, form ${tag}.`, {
    hint: 'Set the server up to send 16-bit PCM.',
    details: { bitsPerSample, tag },
  });
}
