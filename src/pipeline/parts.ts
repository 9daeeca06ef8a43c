import type { Config } from '#config/index.ts';
import type {
  Describer,
  Diariser,
  Embedder,
  LanguageIdentifier,
  LanguageModel,
  Reader,
  Recogniser,
  SpeechEngine,
} from '#contract/ports.ts';
import type { Stage } from '#contract/report.ts';
import type { CalibrationProfile, LedgerLog } from '#ledger/index.ts';
import type { TakeOptions } from '#media/index.ts';
import type { GlossData, Term } from '#mend/index.ts';
import type { VoiceDetector } from '#probe/index.ts';
import type { ModelTokens } from '#tokens/index.ts';
import type { Prices } from '#vendors/index.ts';
import type { Dictionary, EnglishSounds } from '#words/index.ts';
import type { MediaEmbedders } from './embedders.ts';
import type { Experience } from './experience.ts';
import type { FoundModels } from './found.ts';
import type { Injecting } from './injecting.ts';
import type { Memory } from './remember.ts';
import type { Shelf } from './shelf/shelf.ts';

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
  /** What turns each kind of media into text, by name, known before anything is loaded. */
  readonly senses: Pick<Config, 'hear' | 'see' | 'watch'>;
  /** How what was perceived is mended where a request does not say. */
  readonly mend: Config['mend'];
  /** The words that `mend.glossary` lists. */
  terms(signal: AbortSignal): Promise<readonly Term[]>;
  /** What rare characters are explained with. */
  glosses(signal: AbortSignal): Promise<GlossData>;
  /** What was turned into text before. */
  readonly memory: Memory;
  /** A component's name with its version, so that its outcomes are not taken for those of another. */
  fingerprint(id: string): string;
  detector(signal: AbortSignal): Promise<VoiceDetector>;
  recogniser(id: string, signal: AbortSignal): Promise<Recogniser>;
  /** What tells languages apart, where it is here already; `null` where it is not. */
  identifier(signal: AbortSignal): Promise<LanguageIdentifier | null>;
  diariser(id: string, signal: AbortSignal): Promise<Diariser>;
  reader(id: string, signal: AbortSignal): Promise<Reader>;
  describer(id: string, signal: AbortSignal): Promise<Describer>;
  model(id: string, signal: AbortSignal): Promise<LanguageModel>;
  /** The user's own calibration; `null` where there is none. Throws where the one that was named cannot be read. */
  profile(signal: AbortSignal): Promise<CalibrationProfile | null>;
  /** Where the ledger of every request is written down; `null` where none is kept. */
  readonly ledgerLog: LedgerLog | null;
  /** Chinese words with their frequencies; `null` where they cannot be had. */
  dictionary(signal: AbortSignal): Promise<Dictionary | null>;
  /** English words that sound alike, where they are here already; `null` where not. */
  englishSounds(signal: AbortSignal): Promise<EnglishSounds | null>;
  /** The tokenizer of a language model; `null` where nobody has said where it is. */
  tokens(model: string, signal: AbortSignal): Promise<ModelTokens | null>;
  readonly embedderId: string;
  embedder(id: string, signal: AbortSignal): Promise<Embedder>;
  /** What makes vectors of media beside texts; absent where nothing does. */
  readonly mediaEmbedders?: MediaEmbedders | undefined;
  /** The way of vectors into language models. */
  readonly injecting: Injecting;
  /** Vector stores, where there are any. */
  readonly shelf?: Shelf | undefined;
  /** The engine that has a voice, here (`af_heart`) or elsewhere (`qwen:Cherry`). */
  speech(voice: string, signal: AbortSignal): Promise<SpeechEngine>;
}
