export { RECOGNISERS, type RecogniserEntry, recogniserEntry, recogniserFor } from './hear/engines/index.ts';
export { formatTranscript, TRANSCRIPT_FORMATS, type TranscriptFormat } from './hear/format.ts';
export { type Hearing, hear } from './hear/hear.ts';
