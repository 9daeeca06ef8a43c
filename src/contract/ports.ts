import type { Known, ModelCapabilities } from './capabilities.ts';
import type { AskEvent, AskRequest } from './chat.ts';
import type { DownloadProgress } from './events.ts';
import type { TimeSpan } from './finding.ts';
import type { Loss } from './loss.ts';
import type { Media, Sound } from './media.ts';
import type { Segment } from './perception.ts';

/** What every call of a port is handed: a way to stop it, and a place to note what is lost. */
export interface CallContext {
  readonly signal: AbortSignal;
  note(loss: Loss): void;
}

/** Turns speech into text. */
export interface Recogniser {
  readonly id: string;
  readonly capabilities: {
    /** BCP 47 primary tags it can hear, or `any`. */
    readonly languages: readonly string[] | 'any';
    readonly tokenLogprobs: Known;
    readonly wordTimes: 'attention' | 'model' | 'interpolated';
    /** Whether it heeds a prompt: words that are likely to be said. */
    readonly prompt: Known;
  };
  /**
   * Hears one recording. `speech` is where a voice was found; sound outside is not heard. Segments come in order of time.
   * Throws `hear.*`; whatever is merely doubtful is noted as a loss.
   */
  hear(
    recording: {
      readonly part: string;
      readonly sound: Sound;
      readonly speech: readonly TimeSpan[];
      readonly language?: string | undefined;
      readonly prompt?: string | undefined;
    },
    context: CallContext,
  ): AsyncIterable<Segment>;
  close(): Promise<void>;
}

/** A language model, local or behind an API. Text comes as it is made; the last event carries the whole answer. */
export interface LanguageModel {
  readonly id: string;
  readonly capabilities: ModelCapabilities;
  /** Whether a medium of a kind it takes can be handed to it in this form; without it nothing can. */
  accepts?(media: Media): boolean;
  ask(request: AskRequest, context: CallContext): AsyncIterable<AskEvent>;
  /** Loads what is slow to load, so that the first question need not wait. */
  warm(): Promise<void>;
  close(): Promise<void>;
}

/** A voice as a user picks it. */
export interface Voice {
  readonly id: string;
  readonly name: string;
  readonly language: string;
  readonly gender: 'female' | 'male' | 'unknown';
  readonly engine: string;
}

/** Turns prepared text into sound, sentence by sentence. Chunks are mono float32 in [-1, 1] at `sampleRateHz`. */
export interface SpeechEngine {
  readonly id: string;
  readonly sampleRateHz: number;
  readonly voices: readonly Voice[];
  /** `begun`: the sentence belongs to an answer that is under way, so it is not refused however many wait. */
  speak(
    sentence: {
      readonly text: string;
      readonly voice: string;
      readonly speed: number;
      readonly begun?: boolean | undefined;
    },
    context: CallContext,
  ): AsyncIterable<Float32Array>;
  warm(): Promise<void>;
  close(): Promise<void>;
}

/** Turns an image or a document into its text (OCR, layout). Engines arrive with the issue on seeing. */
export interface Reader {
  readonly id: string;
  read(
    page: { readonly part: string; readonly bytes: Uint8Array; readonly mimeType: string },
    context: CallContext,
  ): AsyncIterable<{ readonly text: string; readonly box: readonly number[]; readonly confidence: number | null }>;
  close(): Promise<void>;
}

/** Says in words what a picture shows. */
export interface Describer {
  readonly id: string;
  describe(
    image: { readonly part: string; readonly bytes: Uint8Array; readonly mimeType: string },
    context: CallContext,
  ): Promise<{ readonly text: string }>;
  close(): Promise<void>;
}

/**
 * One text as a vector of length 1. `tokens` counts what the model read, without marks of its own. `unknownTokens` are those
 * it can make nothing of: not in its vocabulary, or in a script none of its languages is written in; `null` when the engine
 * cannot tell.
 */
export interface Embedding {
  readonly vector: Float32Array;
  readonly tokens: number;
  readonly unknownTokens: number | null;
}

/** Turns text into vectors, all of length `dimensions`. */
export interface Embedder {
  readonly id: string;
  readonly capabilities: {
    readonly dimensions: number;
    /** The longest text it takes, in its own tokens. */
    readonly maxTokens: number;
    /** BCP 47 primary tags it was trained on, or `any`. */
    readonly languages: readonly string[] | 'any';
  };
  /**
   * One embedding for each text, in their order. Throws `embed.too-long` with `text` (which one, from 0), `tokens` and
   * `maxTokens` in its details; never cuts a text.
   */
  embed(texts: readonly string[], context: CallContext): Promise<readonly Embedding[]>;
  close(): Promise<void>;
}

/** Keeps vectors and finds the nearest again. Scores are cosine similarity, best first. */
export interface VectorStore {
  readonly id: string;
  add(
    items: readonly {
      readonly id: string;
      readonly vector: Float32Array;
      readonly payload: Readonly<Record<string, string>>;
    }[],
  ): Promise<void>;
  nearest(
    vector: Float32Array,
    count: number,
  ): Promise<
    readonly { readonly id: string; readonly score: number; readonly payload: Readonly<Record<string, string>> }[]
  >;
  close(): Promise<void>;
}

/** One file of a model as the catalogue pins it. */
export interface PinnedFile {
  readonly path: string;
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** A place model files may come from: a hub, a package registry through its client, a mirror, a folder. */
export interface ModelSource {
  readonly id: string;
  /**
   * Writes the wanted file's bytes to `target` (continuing where an earlier try stopped, if it can) and says how many
   * arrived through `onBytes`. Throws with a message that names the place and what it answered.
   */
  fetch(
    want: { readonly model: string; readonly file: PinnedFile; readonly locator: unknown; readonly target: string },
    context: { readonly signal: AbortSignal; onBytes(receivedBytes: number, totalBytes: number | null): void },
  ): Promise<void>;
}

/** The model store as the stages see it. */
export interface ModelStore {
  /** Absolute folder of an installed model with every file verified; fetches what is missing unless that is forbidden. */
  ensure(
    model: string,
    context: { readonly signal: AbortSignal; onProgress?(progress: DownloadProgress): void },
  ): Promise<string>;
}
