import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadConfig } from '#config/index.ts';
import { createModelStore } from '../index.ts';
import { readModel, writeModel } from '../onnx/index.ts';
import { conv1dTo2d } from './conv-2d.ts';
import { convIntegerToConv } from './conv-integer.ts';
import { foldInstanceNorm } from './instance-norm.ts';

const { config, home } = loadConfig();
const { offline, models } = config;
const store = createModelStore({
  home,
  offline,
  sources: models.sources,
  folder: models.folder,
  mirror: models.mirror,
  hf: { endpoint: models.huggingfaceEndpoint, token: models.huggingfaceToken },
});
const folderOf = (model: string) => store.ensure(model, { signal: new AbortController().signal });

it.each([
  ['kokoro-82m', 'model.onnx'],
  ['moonshine-tiny', 'onnx/decoder_model_merged_quantized.onnx'],
])('reads and writes the model of %s to the same bytes', async (model, file) => {
  const bytes = await readFile(join(await folderOf(model), file));
  expect(Buffer.compare(writeModel(readModel(bytes)), bytes)).toBe(0);
});

it('finds every place of Kokoro that is to be rewritten', async () => {
  const model = readModel(await readFile(join(await folderOf('kokoro-82m'), 'model.onnx')));
  expect([convIntegerToConv(model), foldInstanceNorm(model), conv1dTo2d(model)]).toEqual([87, 62, 71]);
  expect(model.graph.node.filter((node) => node.opType === 'ConvInteger')).toEqual([]);
});
