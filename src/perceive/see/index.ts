export { describerFor } from './describers/index.ts';
export { READERS, type ReaderEntry, readerEntry, readerFor } from './engines/index.ts';
export { type Seeing, see } from './see.ts';
