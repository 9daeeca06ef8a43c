export { diariserFor, recogniserIn } from './hear/engines/folders.ts';
export {
  checkRecogniser,
  isRecogniser,
  RECOGNISERS,
  type RecogniserEntry,
  recogniserFor,
} from './hear/engines/index.ts';
export { isRemoteRecogniser, remoteRecogniserFor, remoteRecognisersOf } from './hear/engines/remote/index.ts';
export { plainTextOf, withoutMarks } from './hear/enrich/index.ts';
export {
  formatTranscript,
  logprobsOf,
  TRANSCRIPT_FORMATS,
  type TranscriptAnswer,
  type TranscriptFormat,
  type TranscriptLogprob,
  type TranscriptOptions,
  transcriptAnswer,
  type VerboseTranscriptAnswer,
} from './hear/format.ts';
export { type Hearing, hear } from './hear/hear.ts';

export { knownDocument, read } from './read/index.ts';
export { describerFor } from './see/describers/index.ts';
export { READERS, readerFor, see } from './see/index.ts';
export { watch } from './watch/index.ts';
