import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SensoriumError } from '#contract/error.ts';
import type { Preparation } from './preparation.ts';

/** Kokoro's int8 model with its convolutions in float: the same voice in half the time on onnxruntime 1.30. */
export const kokoroConv: Preparation = {
  id: 'kokoro-conv',
  version: 1,
  inputs: ['model.onnx'],
  output: 'model-float-conv.onnx',
  async run(folder) {
    const { readModel, writeModel } = await import('../onnx/index.ts');
    const { convIntegerToConv } = await import('./conv-integer.ts');
    const model = readModel(await readFile(join(folder, 'model.onnx')));
    const rewritten = convIntegerToConv(model);
    if (rewritten === 0)
      throw new SensoriumError('us.bug', 'No convolution of the Kokoro model has the known pattern.');
    return writeModel(model);
  },
};
