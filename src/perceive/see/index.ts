export { READERS, type ReaderEntry, readerFor } from './engines/index.ts';
export { type Seeing, see } from './see.ts';
