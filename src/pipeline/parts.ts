import type { LanguageModel, Recogniser, SpeechEngine } from '#contract/ports.ts';
import type { TakeOptions } from '#media/index.ts';
import type { VoiceDetector } from '#probe/index.ts';

/**
 * What the path is made of. Each getter makes its part once, when first needed, and may fetch its model on the way;
 * `signal` stops the fetching.
 */
export interface Parts {
  /** What may be taken in. */
  readonly taking: Pick<TakeOptions, 'limits' | 'allowPrivateHosts' | 'offline'>;
  /** Throws when the configuration names a language model or recogniser that does not exist; loads nothing. */
  check(): void;
  /** Which recogniser turns sound into text, known before it is loaded. */
  readonly recogniserId: string;
  detector(signal: AbortSignal): Promise<VoiceDetector>;
  recogniser(signal: AbortSignal): Promise<Recogniser>;
  model(signal: AbortSignal): Promise<LanguageModel>;
  speech(signal: AbortSignal): Promise<SpeechEngine>;
}
