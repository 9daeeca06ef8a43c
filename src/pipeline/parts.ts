import type { Embedder, LanguageModel, Recogniser, SpeechEngine } from '#contract/ports.ts';
import type { Stage } from '#contract/report.ts';
import type { TakeOptions } from '#media/index.ts';
import type { VoiceDetector } from '#probe/index.ts';

/**
 * What the path is made of. Each getter makes its part once, when first needed, and may fetch its model on the way;
 * `signal` stops the fetching.
 */
export interface Parts {
  /** What may be taken in. */
  readonly taking: Pick<TakeOptions, 'limits' | 'allowPrivateHosts' | 'offline'>;
  /** Longest time of each stage, in seconds. */
  readonly timeouts: Readonly<Record<Stage, number>>;
  /** Throws when this language model or the configured recogniser does not exist; loads nothing. */
  check(model: string): void;
  /** The language model that is asked where a request names none. */
  readonly modelId: string;
  /** Which recogniser turns sound into text, known before it is loaded. */
  readonly recogniserId: string;
  detector(signal: AbortSignal): Promise<VoiceDetector>;
  recogniser(id: string, signal: AbortSignal): Promise<Recogniser>;
  model(id: string, signal: AbortSignal): Promise<LanguageModel>;
  readonly embedderId: string;
  embedder(id: string, signal: AbortSignal): Promise<Embedder>;
  speech(signal: AbortSignal): Promise<SpeechEngine>;
}
