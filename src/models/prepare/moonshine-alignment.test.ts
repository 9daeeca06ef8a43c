import { expect, it } from 'vitest';
import type { OnnxGraph, OnnxModel, OnnxNode } from '../onnx/index.ts';
import { exposeCrossAttention } from './moonshine-alignment.ts';

const node = (opType: string, name: string, output: string, extra: Partial<OnnxNode> = {}): OnnxNode => ({
  opType,
  name,
  input: [],
  output: [output],
  attribute: [],
  ...extra,
});

function branch(layers: number): OnnxGraph {
  const softmaxes = Array.from({ length: layers }, (_, at) => [
    node('Softmax', `/layers.${at}/self_attn/Softmax`, `self.${at}`),
    node('Softmax', `/layers.${at}/encoder_attn/Softmax`, `cross.${at}`),
  ]);
  return { node: softmaxes.flat(), initializer: [], input: [], output: [{ name: 'logits' }], valueInfo: [] };
}

function merged(...layers: number[]): OnnxModel {
  const choice = node('If', 'choice', 'logits', {
    attribute: layers.map((count, at) => ({ name: at === 0 ? 'else_branch' : 'then_branch', g: branch(count) })),
  });
  const graph = { node: [choice], initializer: [], input: [], output: [{ name: 'logits' }], valueInfo: [] };
  return { graph, opsetImport: [], metadataProps: [] };
}

it('hands out the cross-attention of every layer, from both branches and the graph, in the same order', () => {
  const model = merged(2, 2);
  expect(exposeCrossAttention(model)).toBe(2);
  const [choice] = model.graph.node;
  const names = ['logits', 'cross_attention.0', 'cross_attention.1'];
  expect(choice?.output).toEqual(names);
  expect(model.graph.output.map((output) => output.name)).toEqual(names);
  for (const { g } of choice?.attribute ?? []) {
    expect(g?.output.map((output) => output.name)).toEqual(['logits', 'cross.0', 'cross.1']);
  }
});

it('leaves a model alone whose branches differ, or that has none', () => {
  const uneven = merged(2, 1);
  expect(exposeCrossAttention(uneven)).toBe(0);
  expect(uneven.graph.output).toEqual([{ name: 'logits' }]);
  expect(exposeCrossAttention(merged())).toBe(0);
});
