import type { AskEvent } from '#contract/chat.ts';
import { wavFormatOf } from '#kit/wav-format.ts';

/** PCM16 without a header, as OpenAI and its look-alikes stream it: 24 kHz, mono, little endian. */
const STREAMED_RATE_HZ = 24_000;

/** The sound of an answer as it streams in, in base64 cut anywhere. */
export interface SpokenSound {
  /** The sound that is whole with this piece. */
  push(base64: string): AskEvent[];
  end(): AskEvent[];
  /** What was wrong with it, in sentences. */
  readonly troubles: readonly string[];
  readonly isEmpty: boolean;
}

/**
 * Puts base64 pieces together and reads them as samples: a WAV by its header, everything else as headerless PCM16. Pieces
 * may end within a group of four characters, within a sample, or each with padding of its own.
 */
export function spokenSound(): SpokenSound {
  let text = '';
  let rest: Buffer = Buffer.alloc(0);
  let format: Format | null = null;
  let samples = 0;
  const troubles: string[] = [];
  const trouble = (sentence: string) => {
    if (!troubles.includes(sentence)) troubles.push(sentence);
  };

  function decode(whole: string): Buffer {
    if (/[^A-Za-z0-9+/=\s]/.test(whole))
      trouble('The answer’s sound held characters that are not base64; they were skipped.');
    return Buffer.from(whole, 'base64');
  }

  function take(more: Buffer, isLast: boolean): AskEvent[] {
    rest = rest.length === 0 ? more : Buffer.concat([rest, more]);
    format ??= formatOf(rest, isLast);
    if (format === null) return [];
    if (rest.length < format.skipBytes && !isLast) return [];
    rest = rest.subarray(format.skipBytes);
    format = { ...format, skipBytes: 0 };
    const frameBytes = 2 * format.channels;
    const wholeBytes = rest.length - (rest.length % frameBytes);
    const pcm = new Float32Array(wholeBytes / frameBytes);
    for (let at = 0; at < pcm.length; at++) {
      let sum = 0;
      for (let channel = 0; channel < format.channels; channel++)
        sum += rest.readInt16LE(at * frameBytes + 2 * channel);
      pcm[at] = sum / format.channels / 32_768;
    }
    rest = rest.subarray(wholeBytes);
    if (isLast && rest.length > 0) trouble('The answer’s sound ended in the middle of a sample.');
    samples += pcm.length;
    return pcm.length === 0 ? [] : [{ kind: 'sound-delta', pcm, sampleRateHz: format.rateHz }];
  }

  return {
    push(base64) {
      text += base64.trim();
      // Padding ends one encoding; what follows is the next one.
      const parts = text.split(/(?<==)(?!=)/);
      const last = parts.pop() ?? '';
      const closed = last.endsWith('=') && last.length % 4 === 0 ? last.length : last.length - (last.length % 4);
      text = last.slice(closed);
      return take(Buffer.concat([...parts, last.slice(0, closed)].map(decode)), false);
    },
    end() {
      if (text.length % 4 === 1) trouble('The answer’s sound was cut off in the middle.');
      const more = decode(text);
      text = '';
      return samples === 0 && more.length === 0 && rest.length === 0 ? [] : take(more, true);
    },
    troubles,
    get isEmpty() {
      return samples === 0 && text === '' && rest.length === 0;
    },
  };
}

interface Format {
  readonly rateHz: number;
  readonly channels: number;
  /** Bytes before the first sample. */
  readonly skipBytes: number;
}

const PLAIN: Format = { rateHz: STREAMED_RATE_HZ, channels: 1, skipBytes: 0 };

function formatOf(bytes: Buffer, isLast: boolean): Format | null {
  const found = wavFormatOf(bytes, isLast);
  return found === 'none' ? PLAIN : found;
}
