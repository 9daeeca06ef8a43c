export { toBase64 } from '#embed/index.ts';
export { type MediaInput, plainName, type Spool, spool, takeInput } from '#media/index.ts';
export {
  formatTranscript,
  logprobsOf,
  plainTextOf,
  TRANSCRIPT_FORMATS,
  type TranscriptFormat,
  type TranscriptOptions,
  transcriptAnswer,
  withoutMarks,
} from '#perceive/index.ts';
export {
  encoderFor,
  encodeSound,
  encodeWholeSound,
  openWav,
  resolveVoice,
  SOUND_FORMATS,
  type SoundFormat,
  soundFormat,
  type WavSink,
} from '#speak/index.ts';
export type { AnswerRequest } from './answer-request.ts';
export { type OpenOptions, openSensorium, type Sensorium } from './compose.ts';
export type { Turn, TurnPart } from './conversation.ts';
export type { Check } from './doctor.ts';
export type { EmbedInput, InputsRequest, Vectors } from './embed.ts';
export type { FitMeans, FitWish } from './fit.ts';
export type { CalibrateGateRequest, GateRequest } from './gate.ts';
export { calibrateGateFor, checkGate, fitConnectorOf, listGateReports, readGateReport } from './later.ts';
export type { MendWishes } from './mend-wishes.ts';
export type { ModelCard } from './model-cards.ts';
export type { HearRequest, PerceiveRequest } from './perceive-one.ts';
export type { SayRequest } from './say.ts';
export type { SearchAlong } from './shelf/bring-along.ts';
export type { PlacingEvent } from './shelf/place-file.ts';
export type { Batch, Piece, ShelfFile, ShelvedFile } from './shelf/records.ts';
export type { Findings, SearchWish } from './shelf/search.ts';
export type { Added, Shelf, SpaceReport } from './shelf/shelf.ts';
export type { ShelveWish } from './shelf/shelving.ts';
export { countsOf, type StoreView } from './shelf/stores.ts';
export type { Listener } from './trip.ts';
