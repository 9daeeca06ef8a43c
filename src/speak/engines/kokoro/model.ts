import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadOnnx } from '#runtime/onnx.ts';
import { styleFor } from './style.ts';
import { toTokens } from './tokens.ts';

export const KOKORO_RATE_HZ = 24_000;

/** The loaded model: phonemes of at most 510 symbols in, float32 sound at 24 kHz out. */
export interface KokoroModel {
  synthesise(
    phonemes: string,
    voice: string,
    speed: number,
  ): Promise<{ readonly pcm: Float32Array; readonly unknown: readonly string[] }>;
}

/** Loads the model from its folder: the file prepared for speed where there is one, else the one that was fetched. */
export async function loadKokoro(modelDir: string, threads: number): Promise<KokoroModel> {
  const { InferenceSession, Tensor } = await loadOnnx();
  const prepared = join(modelDir, 'model-float-conv.onnx');
  const session = await InferenceSession.create(existsSync(prepared) ? prepared : join(modelDir, 'model.onnx'), {
    intraOpNumThreads: threads,
    // Waiting threads sleep instead of spinning: the language model is writing on the same cores meanwhile.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  });
  const { vocab } = JSON.parse(await readFile(join(modelDir, 'vocab.json'), 'utf8')) as {
    vocab: Record<string, number>;
  };
  const voices = new Map<string, Promise<Float32Array>>();

  return {
    async synthesise(phonemes, voice, speed) {
      const { tokens, unknown } = toTokens(phonemes, vocab);
      if (tokens.length === 0) return { pcm: new Float32Array(), unknown };
      let rows = voices.get(voice);
      if (!rows) {
        rows = readVoice(join(modelDir, 'voices', `${voice}.bin`));
        voices.set(voice, rows);
      }
      const ids = BigInt64Array.from([0, ...tokens, 0], BigInt);
      const outputs = await session.run({
        tokens: new Tensor('int64', ids, [1, ids.length]),
        style: new Tensor('float32', styleFor(await rows, tokens.length), [1, 256]),
        speed: new Tensor('float32', [speed], [1]),
      });
      // Rare peaks go a little over full scale.
      const audio = outputs.audio?.data as Float32Array;
      const pcm = audio.map((value) => Math.max(-1, Math.min(1, value)));
      return { pcm, unknown };
    },
  };
}

async function readVoice(path: string): Promise<Float32Array> {
  return new Float32Array(new Uint8Array(await readFile(path)).buffer);
}
