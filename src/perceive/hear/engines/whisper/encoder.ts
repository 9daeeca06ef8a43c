import type { Session, Tensor, Whisper } from './decoder.ts';
import { HOP_SAMPLES, logMel } from './features.ts';

/** The encoder makes one frame of two of the spectrogram: 20 ms. */
export const FRAME_MS = 20;
const MEL_FRAMES_PER_FRAME = 2;
/**
 * Where the graph takes less than 30 s: so much silence is encoded after the sound, 6 s. Less is quicker and hears worse, more
 * changes nothing (docs/decisions/2026-11-26-whisper.md).
 */
const TAIL_FRAMES = 300;
/** The spectrogram's value where nothing is heard beside speech of usual loudness. */
const SILENT_MEL = -0.6;

/** Whether a graph takes sound shorter than 30 s. */
export function takesLess(encoder: Pick<Session, 'inputMetadata'>): boolean {
  const [input] = encoder.inputMetadata;
  return input?.isTensor === true && typeof input.shape[2] === 'string';
}

/**
 * Encodes up to 30 s of sound, mono float32 at 16 kHz: [1, frames, width], a frame for each 20 ms, always 30 s of them. Where
 * the graph takes less, the sound is encoded by itself and followed by silence encoded once and for all: a decoder that does
 * not find the silence it was trained with repeats itself.
 */
export async function encode(model: Whisper, samples: Float32Array): Promise<Tensor> {
  const { bands, frames: all } = model.folder;
  const needed = Math.ceil(samples.length / HOP_SAMPLES / MEL_FRAMES_PER_FRAME) + TAIL_FRAMES;
  const frames = takesLess(model.encoder) ? Math.min(all, needed) : all;
  const hidden = await encoded(model, logMel(samples, bands, frames * MEL_FRAMES_PER_FRAME), frames);
  if (frames === all) return hidden;
  const whole = (await silenceOf(model)).slice();
  whole.set(hidden.data as Float32Array);
  return new model.Tensor('float32', whole, [1, all, hidden.dims[2] ?? 0]);
}

/** The encoded frames `from` to `to`, without those outside. */
export function framesOf(model: Pick<Whisper, 'Tensor'>, hidden: Tensor, from: number, to: number): Tensor {
  const [, frames = 0, width = 0] = hidden.dims;
  const kept = (hidden.data as Float32Array).subarray(Math.max(0, from) * width, Math.min(frames, to) * width);
  return new model.Tensor('float32', kept, [1, kept.length / width, width]);
}

const silences = new WeakMap<Session, Promise<Float32Array>>();

function silenceOf(model: Whisper): Promise<Float32Array> {
  const { bands, frames } = model.folder;
  const make = async () => {
    const mel = new Float32Array(bands * frames * MEL_FRAMES_PER_FRAME).fill(SILENT_MEL);
    return (await encoded(model, mel, frames)).data as Float32Array;
  };
  const made = silences.get(model.encoder) ?? make();
  silences.set(model.encoder, made);
  return made;
}

async function encoded({ encoder, folder, Tensor: Made }: Whisper, mel: Float32Array, frames: number): Promise<Tensor> {
  const input = new Made('float32', mel, [1, folder.bands, frames * MEL_FRAMES_PER_FRAME]);
  const { last_hidden_state: hidden } = await encoder.run({ input_features: input });
  if (!hidden) throw new Error('The model gave no last_hidden_state.');
  return hidden;
}
