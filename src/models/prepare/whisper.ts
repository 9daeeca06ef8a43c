import { join } from 'node:path';
import type { OnnxModel } from '../onnx/index.ts';
import type { Preparation } from './preparation.ts';
import type { Ctranslate2Model } from './whisper/ctranslate2.ts';
import type { WhisperShape } from './whisper/shape.ts';

const INPUT = 'model.bin';

type Write = (model: Ctranslate2Model, shape: WhisperShape) => Promise<OnnxModel>;

/** A Whisper of any size from CTranslate2 weights: the encoder, as the hub's ONNX folders have it. */
export const whisperEncoder: Preparation = {
  id: 'whisper-encoder',
  version: 1,
  inputs: [INPUT],
  output: 'onnx/encoder_model_quantized.onnx',
  run: async (folder) => written(folder, (await import('./whisper/encoder.ts')).encoderOf),
};

/** The decoder to it, which also hands out what it attends to. */
export const whisperDecoder: Preparation = {
  id: 'whisper-decoder',
  version: 1,
  inputs: [INPUT],
  output: 'onnx/decoder_model_merged_quantized.onnx',
  run: async (folder) => written(folder, (await import('./whisper/decoder.ts')).decoderOf),
};

async function written(folder: string, write: Write): Promise<Uint8Array> {
  const { openCtranslate2 } = await import('./whisper/ctranslate2.ts');
  const { shapeOfWhisper } = await import('./whisper/shape.ts');
  const { writeModel } = await import('../onnx/index.ts');
  const model = await openCtranslate2(join(folder, INPUT));
  try {
    return writeModel(await write(model, await shapeOfWhisper(model)));
  } finally {
    await model.close();
  }
}
