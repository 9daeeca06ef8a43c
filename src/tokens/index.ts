export { type EmbeddingTable, openEmbeddingTable } from './embedding-table.ts';
export { type GgufFile, hasPerLayerInputs, readGguf } from './gguf-file.ts';
export type { ModelTokens } from './model-tokens.ts';
export { type OpenOptions, openTokens } from './open.ts';
export type { Trained } from './trained.ts';
