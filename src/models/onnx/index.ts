export { attributeOf, type GraphIndex, indexGraph, onlyUserOf, pruneUnused, usedBy } from './graph.ts';
export { readModel, writeModel } from './model.ts';
export type { OnnxAttribute, OnnxGraph, OnnxModel, OnnxNode, OnnxTensor, OnnxValueInfo } from './schema.ts';
export { DATA_TYPE, floatTensor, numbersOf, shapeOf, toNumber } from './tensor.ts';
