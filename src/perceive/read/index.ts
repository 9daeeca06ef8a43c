export type { DocumentEngine, DocumentFacts, DocumentToRead, ReadOptions } from './engine.ts';
export { DOCUMENT_ENGINES, type DocumentEntry } from './engines/index.ts';
export { type Reading, read } from './read.ts';
