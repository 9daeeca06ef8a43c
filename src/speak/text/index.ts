export { createSpeechFilter, type Dropped, type Filtered, type SpeechFilter } from './filter/filter.ts';
export { notSpoken } from './filter/not-spoken.ts';
export { type LanguageCount, languageOf } from './language.ts';
export { createSegmenter, type Segmenter, type SegmenterOptions, type SentencePiece } from './segmenter/segmenter.ts';
