import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SensoriumError } from '#contract/error.ts';
import type { OnnxModel } from '../onnx/index.ts';
import type { Preparation } from './preparation.ts';

const INPUT = 'onnx/decoder_model_merged_quantized.onnx';

/** Moonshine's decoder handing out what it attends to, from which the recogniser reads when each word was said. */
export const moonshineAlignment: Preparation = {
  id: 'moonshine-alignment',
  version: 1,
  inputs: [INPUT],
  output: 'onnx/decoder_model_merged_alignment.onnx',
  async run(folder) {
    const { readModel, writeModel } = await import('../onnx/index.ts');
    const model = readModel(await readFile(join(folder, INPUT)));
    const layers = exposeCrossAttention(model);
    if (layers === 0) throw new SensoriumError('us.bug', 'No cross-attention was found in Moonshine’s decoder.');
    return writeModel(model);
  },
};

/**
 * Adds an output `cross_attention.<layer>` for every decoder layer, [batch, heads, tokens, frames], and says how many. The
 * decoder is a single `If` with a branch for the first token and one for the others; each branch hands out the softmax of
 * its `encoder_attn` nodes in order, and the `If` passes on whichever ran.
 */
export function exposeCrossAttention(model: OnnxModel): number {
  const { graph } = model;
  const choice = graph.node.find((node) => node.opType === 'If');
  const branches = choice?.attribute.flatMap((attribute) => (attribute.g ? [attribute.g] : [])) ?? [];
  const softmaxes = branches.map((branch) =>
    branch.node
      .filter((node) => node.opType === 'Softmax' && node.name?.includes('encoder_attn'))
      .map((node) => ({ name: node.output[0] ?? '', type: FLOAT })),
  );
  const layers = softmaxes[0]?.length ?? 0;
  if (!choice || softmaxes.some((found) => found.length !== layers)) return 0;
  for (const [at, branch] of branches.entries()) branch.output = [...branch.output, ...(softmaxes[at] ?? [])];
  const names = Array.from({ length: layers }, (_, layer) => `cross_attention.${layer}`);
  choice.output = [...choice.output, ...names];
  graph.output = [...graph.output, ...names.map((name) => ({ name, type: FLOAT }))];
  return layers;
}

const FLOAT = { tensorType: { elemType: 1 } };
