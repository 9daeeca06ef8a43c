import type { AskEvent } from './chat.ts';
import type { Finding } from './finding.ts';
import type { Ledger } from './ledger.ts';
import type { Loss } from './loss.ts';
import type { Media } from './media.ts';
import type { Perception, Segment } from './perception.ts';
import type { Plan } from './plan.ts';
import type { Report, Stage } from './report.ts';

/** Bytes of a model file on their way in. `totalBytes` is `null` until a source says how much there is. */
export interface DownloadProgress {
  readonly model: string;
  readonly file: string;
  readonly source: string;
  readonly receivedBytes: number;
  readonly totalBytes: number | null;
  readonly state: 'started' | 'moving' | 'verifying' | 'preparing' | 'done';
}

/** What a request says while it happens, in this order where the order matters. `speech-chunk` is mono float32. */
export type PipelineEvent =
  | { readonly kind: 'download-moved'; readonly progress: DownloadProgress }
  | { readonly kind: 'media-taken'; readonly media: Media }
  | { readonly kind: 'part-probed'; readonly finding: Finding }
  | { readonly kind: 'plan-made'; readonly plan: Plan }
  | { readonly kind: 'hearing-moved'; readonly part: string; readonly heardMs: number; readonly durationMs: number }
  /** `total` is `null` until it is known. */
  | {
      readonly kind: 'seeing-moved';
      readonly part: string;
      readonly done: number;
      readonly total: number | null;
      readonly unit: 'pages' | 'frames' | 'pictures';
    }
  | { readonly kind: 'segment-heard'; readonly part: string; readonly segment: Segment; readonly delta: string }
  | { readonly kind: 'part-perceived'; readonly perception: Perception }
  /** Of the questions to whoever corrects doubtful places. */
  | { readonly kind: 'mending-moved'; readonly part: string; readonly done: number; readonly total: number }
  /** `mended` is there: what the model is given is not what was perceived. */
  | { readonly kind: 'part-mended'; readonly perception: Perception }
  | { readonly kind: 'loss-noted'; readonly loss: Loss }
  | Exclude<AskEvent, { kind: 'answer-end' | 'sound-delta' }>
  | { readonly kind: 'text-end'; readonly text: string }
  | { readonly kind: 'sentence-start'; readonly text: string; readonly spoken: string }
  | { readonly kind: 'speech-chunk'; readonly pcm: Float32Array; readonly sampleRateHz: number }
  | { readonly kind: 'speech-end'; readonly durationMs: number }
  | { readonly kind: 'stage-end'; readonly stage: Stage; readonly durationMs: number }
  /** Of a request without an answer, before its last event; with one the report has it. */
  | { readonly kind: 'ledger-made'; readonly ledger: Ledger }
  | { readonly kind: 'report-made'; readonly report: Report };
