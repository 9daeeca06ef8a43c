import { setImmediate } from 'node:timers/promises';
import { SensoriumError } from '#contract/error.ts';
import { throwIfCancelled } from '#kit/abort.ts';
import { installedVersion, loadOptional } from '../optional.ts';

/** What goes in and what comes out. Bit rates are those of MPEG-2 layer III, in kbit/s. */
export interface LameOutput {
  readonly inputRateHz: number;
  readonly outputRateHz: 16_000 | 22_050 | 24_000;
  readonly bitRateKbps: 32 | 64 | 96 | 128 | 160;
}

// Encoded in one go; some 1 ms of work, after which others get their turn.
const SLICE_MS = 250;

/** Whether wasm-media-encoders is installed. */
export function canEncodeWithLame(): boolean {
  return installedVersion('wasm-media-encoders') !== null;
}

/**
 * Encodes mono float32 in [-1, 1] as MP3 while it comes, with LAME as WebAssembly (wasm-media-encoders; LAME itself is
 * under the LGPL), in this process and in small slices. Throws `speak.encoding-failed`, `runtime.package-missing`.
 */
export async function* encodeWithLame(
  output: LameOutput,
  pcm: AsyncIterable<Float32Array>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const { createMp3Encoder } = await loadOptional('wasm-media-encoders', () => import('wasm-media-encoders'));
  // One for each stream: it keeps what does not fill a frame yet.
  const encoder = await createMp3Encoder();
  encoder.configure({
    channels: 1,
    sampleRate: output.inputRateHz,
    outputSampleRate: output.outputRateHz,
    bitrate: output.bitRateKbps,
  });
  const slice = Math.round((output.inputRateHz * SLICE_MS) / 1_000);
  for await (const piece of pcm) {
    for (let at = 0; at < piece.length; at += slice) {
      throwIfCancelled(signal);
      const bytes = made(() => encoder.encode([piece.subarray(at, at + slice)]));
      if (bytes.length > 0) yield bytes;
      await setImmediate();
    }
  }
  throwIfCancelled(signal);
  const rest = made(() => encoder.finalize());
  if (rest.length > 0) yield rest;
}

// Copied, because what it gives lies in the encoder's own memory.
function made(encode: () => Uint8Array): Uint8Array {
  try {
    return Uint8Array.from(encode());
  } catch (error) {
    throw new SensoriumError('speak.encoding-failed', 'The sound could not be encoded: LAME failed.', {
      hint: 'Try again, or ask for wav, which needs no encoder.',
      details: { encoder: 'lame' },
      cause: error,
    });
  }
}
