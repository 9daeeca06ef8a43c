export { RECOGNISERS, type RecogniserEntry, recogniserFor } from './hear/engines/index.ts';
export { formatTranscript, TRANSCRIPT_FORMATS, type TranscriptFormat } from './hear/format.ts';
export { type Hearing, hear } from './hear/hear.ts';
