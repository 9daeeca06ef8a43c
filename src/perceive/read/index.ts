export type { DocumentEngine, DocumentFacts, DocumentToRead, ReadOptions } from './engine.ts';
export { type DocumentEntry, knownDocument } from './engines/index.ts';
export { type Reading, read } from './read.ts';
