import type { Embedder, LanguageModel, Recogniser, SpeechEngine } from '#contract/ports.ts';
import type { Stage } from '#contract/report.ts';
import type { TakeOptions } from '#media/index.ts';
import type { VoiceDetector } from '#probe/index.ts';
import type { Prices } from '#vendors/index.ts';
import type { Experience } from './experience.ts';
import type { FoundModels } from './found.ts';

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
  /** Throws when there is no such recogniser; loads nothing. */
  checkRecogniser(id: string): void;
  /** The language model that is asked where a request names none. */
  readonly modelId: string;
  /** Those asked after it, one after the other, when it fails. */
  readonly fallbacks: readonly string[];
  /** What a model's tokens cost; `null` where nobody has said. */
  prices(model: string): Prices | null;
  /** What came of trying models with media nobody knew they take. */
  readonly found: Pick<FoundModels, 'remember'>;
  /** How long each way took lately. */
  readonly experience: Experience;
  /** Which recogniser turns sound into text, known before it is loaded. */
  readonly recogniserId: string;
  detector(signal: AbortSignal): Promise<VoiceDetector>;
  recogniser(id: string, signal: AbortSignal): Promise<Recogniser>;
  model(id: string, signal: AbortSignal): Promise<LanguageModel>;
  readonly embedderId: string;
  embedder(id: string, signal: AbortSignal): Promise<Embedder>;
  /** The engine that has a voice, here (`af_heart`) or elsewhere (`qwen:Cherry`). */
  speech(voice: string, signal: AbortSignal): Promise<SpeechEngine>;
}
