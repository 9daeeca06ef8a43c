import type { Tensor, Whisper } from './decoder.ts';
import { logMel } from './features.ts';

/** The encoder makes one frame of two of the spectrogram: 20 ms. */
export const FRAME_MS = 20;
const MEL_FRAMES_PER_FRAME = 2;

/**
 * Encodes up to 30 s of sound, mono float32 at 16 kHz: [1, frames, width], a frame for each 20 ms, always 30 s of them, as the model
 * was trained. Encoding less is quicker and hears worse (docs/decisions/2026-11-26-whisper.md).
 */
export async function encode({ encoder, folder, Tensor: Made }: Whisper, samples: Float32Array): Promise<Tensor> {
  const melFrames = folder.frames * MEL_FRAMES_PER_FRAME;
  const input = new Made('float32', logMel(samples, folder.bands, melFrames), [1, folder.bands, melFrames]);
  const { last_hidden_state: hidden } = await encoder.run({ input_features: input });
  if (!hidden) throw new Error('The model gave no last_hidden_state.');
  return hidden;
}

/** The encoded frames `from` to `to`, without those outside. */
export function framesOf(model: Pick<Whisper, 'Tensor'>, hidden: Tensor, from: number, to: number): Tensor {
  const [, frames = 0, width = 0] = hidden.dims;
  const kept = (hidden.data as Float32Array).subarray(Math.max(0, from) * width, Math.min(frames, to) * width);
  return new model.Tensor('float32', kept, [1, kept.length / width, width]);
}
