export { type MediaInput, plainName, type Spool, spool, takeInput } from '#media/index.ts';
export { formatTranscript, TRANSCRIPT_FORMATS, type TranscriptFormat } from '#perceive/index.ts';
export { openWav, type WavSink } from '#speak/index.ts';
export type { AnswerRequest } from './answer.ts';
export { type OpenOptions, openSensorium, type Sensorium } from './compose.ts';
export type { Check } from './doctor.ts';
export type { HearRequest } from './hear.ts';
export type { SayRequest } from './say.ts';
