import type { Known, ModelCapabilities } from './capabilities.ts';
import type { AskEvent, AskRequest } from './chat.ts';
import type { DownloadProgress } from './events.ts';
import type { TimeSpan } from './finding.ts';
import type { Loss } from './loss.ts';
import type { Media, MediaPart, Pixels, Sound } from './media.ts';
import type { Perception, Segment, TextLine } from './perception.ts';
import type { ComponentManifest, ModelFingerprint, PromptPiece, PromptVectors } from './prompt-vectors.ts';

/** What every call of a port is handed: a way to stop it, and a place to note what is lost. */
export interface CallContext {
  readonly signal: AbortSignal;
  note(loss: Loss): void;
  /** Told how many tokens somebody else's server says it read, where it says that of several texts or media at once. */
  readonly spent?: ((tokens: number) => void) | undefined;
}

/** Tells from a recording's voice which language is spoken. */
export interface LanguageIdentifier {
  readonly id: string;
  /** The likeliest languages of the first voiced stretch (up to 30 s), best first; probabilities are the model's own. */
  identify(
    recording: { readonly sound: Sound; readonly speech: readonly TimeSpan[] },
    signal: AbortSignal,
  ): Promise<readonly { readonly language: string; readonly probability: number }[]>;
}

/** Tells voices apart. */
export interface Diariser {
  readonly id: string;
  /** Who speaks when, in order of time; `speaker` is `1`, `2`, … in order of appearance. Turns may overlap. */
  diarise(
    recording: { readonly part: string; readonly sound: Sound; readonly speech: readonly TimeSpan[] },
    context: CallContext,
  ): Promise<readonly (TimeSpan & { readonly speaker: string })[]>;
  close(): Promise<void>;
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
  /** There where it can also tell languages apart. */
  readonly identifier?: LanguageIdentifier | undefined;
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

/** Reads the writing in a picture (OCR). */
export interface Reader {
  readonly id: string;
  readonly capabilities: {
    /** BCP 47 primary tags it reads, or `any`. */
    readonly languages: readonly string[] | 'any';
    readonly characterProbabilities: Known;
  };
  /** Whether its alphabet has this character; `unknown` where it cannot tell. */
  canWrite(character: string): Known;
  /** The lines of a picture in reading order. Throws `see.*`. */
  read(picture: { readonly part: string; readonly pixels: Pixels }, context: CallContext): Promise<ReadText>;
  close(): Promise<void>;
}

/** What a reader made of a picture: `text` has its lines in reading order, tables as Markdown; each line says where it starts there. */
export interface ReadText {
  readonly text: string;
  readonly lines: readonly TextLine[];
}

/** Says in words what a picture shows. */
export interface Describer {
  readonly id: string;
  /** `written` is what was read in it, so that it need not be spelled again. `language` is that of the words wanted: `en` or `zh`. */
  describe(
    picture: {
      readonly part: string;
      readonly pixels: Pixels;
      readonly language: 'en' | 'zh';
      readonly written?: string | undefined;
    },
    context: CallContext,
  ): Promise<{ readonly text: string; readonly objects?: readonly string[] | undefined }>;
  close(): Promise<void>;
}

/**
 * One text as a vector of length 1. `tokens` counts what the model read, without marks of its own; `null` where a server does
 * not say it text by text. `unknownTokens` are those it can make nothing of: not in its vocabulary, or in a script none of its
 * languages is written in; `null` when the engine cannot tell.
 */
export interface Embedding {
  readonly vector: Float32Array;
  readonly tokens: number | null;
  readonly unknownTokens: number | null;
}

/** What a text is: something to look for, or something to be found. Models trained for both read them differently. */
export type TextPurpose = 'query' | 'document';

/** Turns text into vectors, all of length `dimensions`. */
export interface Embedder {
  readonly id: string;
  readonly capabilities: {
    readonly dimensions: number;
    /** The longest text it takes, in its own tokens; `null` where nobody says. */
    readonly maxTokens: number | null;
    /** BCP 47 primary tags it was trained on, or `any`. */
    readonly languages: readonly string[] | 'any';
    /** Of its weights; `null` behind an API, and where nobody counted. */
    readonly weightsSha256?: string | null | undefined;
    /** How a text becomes what the model reads, in a few words. With the weights it tells its space from every other. */
    readonly preprocessing?: string | undefined;
  };
  /**
   * One embedding for each text, in their order. Where no purpose is given the texts are compared with each other. Throws
   * `embed.too-long` with `text` (which one, from 0), `tokens` and `maxTokens` in its details; never cuts a text.
   */
  embed(texts: readonly string[], context: CallContext, purpose?: TextPurpose): Promise<readonly Embedding[]>;
  close(): Promise<void>;
}

/** A picture or a recording to be embedded, decoded. */
export type EmbeddableMedium =
  | { readonly part: string; readonly pixels: Pixels }
  | { readonly part: string; readonly sound: Sound };

/**
 * Turns texts and another kind of media into vectors of one shared space (CLIP, CLAP), so that words find pictures or sounds.
 * Everything is of length 1 and `dimensions` long. Throws `embed.*`.
 */
export interface MediaEmbedder {
  readonly id: string;
  readonly capabilities: {
    readonly dimensions: number;
    readonly takes: readonly ('text' | 'image' | 'audio')[];
    readonly languages: readonly string[] | 'any';
    /** Of its weights; `null` behind an API. With `preprocessing` it tells its space from every other. */
    readonly weightsSha256: string | null;
    readonly preprocessing: string;
  };
  texts(texts: readonly string[], context: CallContext, purpose?: TextPurpose): Promise<readonly Float32Array[]>;
  media(media: readonly EmbeddableMedium[], context: CallContext): Promise<readonly Float32Array[]>;
  close(): Promise<void>;
}

/** What a component may make vectors of: the part itself, what was perceived of it, or a text. */
export interface ComponentInput {
  readonly part: string;
  readonly media: MediaPart | null;
  readonly perception: Perception | null;
  readonly text: string | null;
}

/** Makes vectors in one model’s own input space out of one part. Whether that model understands them is for the gate to say. */
export interface EmbeddingComponent {
  readonly manifest: ComponentManifest;
  embed(input: ComponentInput, context: CallContext): Promise<PromptVectors>;
  close(): Promise<void>;
}

/**
 * A language model that takes vectors among its tokens, as the gate and components need it. What its server does not show is
 * `null`: vLLM gives no log-probabilities of a prompt beside vectors, so `logits` and `score` are there for the engine of this machine alone.
 */
export interface VectorModel {
  readonly id: string;
  /** Tokens every prompt begins with, such as a mark of the beginning. Whoever writes a prompt puts them there; none are added. */
  readonly opening?: readonly number[] | undefined;
  /** The tokens of the model’s own chat template around one user’s words. */
  templated?(text: string, signal: AbortSignal): Promise<readonly number[]>;
  fingerprint(signal: AbortSignal): Promise<ModelFingerprint>;
  /** Of plain text: no special tokens are read in it and none added. */
  tokenize(text: string, signal: AbortSignal): Promise<readonly number[]>;
  /** Rows of the model’s own input table, one after the other, as they are stored (not scaled). `null` where nobody has the table. */
  readonly rows: ((tokens: readonly number[], signal: AbortSignal) => Promise<Float32Array>) | null;
  /** The logits after each position of a prompt. Pieces are handed to the model as they are cut. */
  readonly logits: ((prompt: readonly PromptPiece[], signal: AbortSignal) => Promise<readonly Float32Array[]>) | null;
  /** Natural log-probability of each target token after the prompt and the targets before it. */
  readonly score:
    | ((prompt: readonly PromptPiece[], target: readonly number[], signal: AbortSignal) => Promise<Float64Array>)
    | null;
  /** The `top` likeliest next tokens, best first: what every server shows. */
  next(
    prompt: readonly PromptPiece[],
    top: number,
    signal: AbortSignal,
  ): Promise<readonly { readonly text: string; readonly logprob: number }[]>;
  /** What it writes after a prompt, always the likeliest token. */
  write(prompt: readonly PromptPiece[], maxTokens: number, signal: AbortSignal): Promise<string>;
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
