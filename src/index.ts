export { type LoadedConfig, loadConfig } from '#config/index.ts';
export type { Answer, Speech } from '#contract/answer.ts';
export type { KindLimits, Known, ModelCapabilities, ModelRules } from '#contract/capabilities.ts';
export type * from '#contract/chat.ts';
export { isSensoriumError, SensoriumError } from '#contract/error.ts';
export type { DownloadProgress, PipelineEvent } from '#contract/events.ts';
export type { Finding } from '#contract/finding.ts';
export type { Ledger } from '#contract/ledger.ts';
export type { Loss } from '#contract/loss.ts';
export type { Media } from '#contract/media.ts';
export type { Document, Perception, Picture, Timeline, Transcript } from '#contract/perception.ts';
export type { Plan, Policy, RouteChoice, RouteWish } from '#contract/plan.ts';
export type * from '#contract/ports.ts';
export type { Cost, Report, Timings } from '#contract/report.ts';
export {
  attributesOf as ledgerAttributes,
  type GivenText,
  ledgerHtml,
  type Problem,
  redact as redactLedger,
  validateLedger,
} from '#ledger/index.ts';
export {
  type AnswerRequest,
  type HearRequest,
  type MediaInput,
  openSensorium,
  type PerceiveRequest,
  plainTextOf,
  type SayRequest,
  type Sensorium,
  takeInput,
  withoutMarks,
} from '#pipeline/index.ts';
