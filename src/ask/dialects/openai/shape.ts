import type { Answer } from '#contract/answer.ts';
import type { AskRequest } from '#contract/chat.ts';
import type { Loss } from '#contract/loss.ts';
import type { Media, MediaPart } from '#contract/media.ts';
import type { PromptVectors } from '#contract/prompt-vectors.ts';
import type { Refusal, RefusalKind } from '#upstream/errors.ts';
import type { MediaSlots } from '#upstream/media-body.ts';
import type { RemoteOptions } from '../remote.ts';
import type { Chunk } from './chunk.ts';
import type { SpokenText } from './spoken-text.ts';

/**
 * A request's body on its way to becoming a vendor's own. `leaveOut` deletes a field, `change` puts the nearest value that
 * the vendor takes in its place; both note an ignored option.
 */
export interface BodyDraft {
  readonly body: Record<string, unknown>;
  readonly request: AskRequest;
  readonly options: RemoteOptions;
  leaveOut(field: string): void;
  change(field: string, value: string | number): void;
}

/** What a body is made from that is a vendor's own throughout. */
export interface WholeBody {
  readonly request: AskRequest;
  readonly options: RemoteOptions;
  readonly slots: MediaSlots;
  leaveOut(field: string): void;
}

/**
 * Where a vendor's API differs from OpenAI's. Everything is optional: what is left out is as OpenAI has it. A vendor with
 * quirks is one folder in `dialects/` that holds one of these.
 */
export interface ChatShape {
  /** Path below the base URL; `chat/completions`. Some have another one for each model, or for a stream. */
  readonly path?: string | ((model: string, stream: boolean) => string);
  /** Headers that open the server, made anew for each try; a bearer token. */
  readonly authorise?: (options: RemoteOptions) => Record<string, string>;
  /** Whether there is a place for a medium in this form. */
  readonly accepts?: (media: Media) => boolean;
  /** A media part of a user's message, its bytes held in `slots`. */
  readonly wirePart?: (part: MediaPart, slots: MediaSlots, detail: string | undefined) => object;
  /** Vectors in a message, their bytes held in `slots`; without it they are refused. */
  readonly vectorPart?: (vectors: PromptVectors, slots: MediaSlots) => object;
  /** The whole body, where it has nothing of OpenAI’s; `leaveOut` notes what has no place in it, by OpenAI’s name. */
  readonly body?: (draft: WholeBody) => Record<string, unknown>;
  /** Last changes to the body. */
  readonly changeBody?: (draft: BodyDraft) => void;
  /** What one message of a reply says; `null` where it is none. */
  readonly readChunk?: (json: unknown) => Chunk | null;
  /** The same for a wire whose messages lean on earlier ones: made anew for each answer, and stands before `readChunk`. */
  readonly reader?: () => (json: unknown) => Chunk | null;
  /** The refusal in a message of a reply, where it hides elsewhere than in `error`. */
  readonly refusalIn?: (status: number | null, json: unknown) => Refusal | null;
  /** What the headers of a good reply say was lost; `engine` is the model's id. */
  readonly lossInHead?: (headers: Readonly<Record<string, string>>, engine: string) => Loss | null;
  /** What the vendor's own table says of a refusal. */
  readonly classify?: (refusal: Refusal) => RefusalKind | undefined;
  /** Parts thoughts and marks from the answer; `<think>` at its beginning. */
  readonly spokenText?: () => SpokenText;
  /** Reasons to stop beyond OpenAI's, and what they mean. */
  readonly finish?: Readonly<Record<string, NonNullable<Answer['finishReason']>>>;
  /** Reasons that mean the server failed, beyond `abort`, `error` and `network_error`. */
  readonly failed?: readonly string[];
  /** The end of a stream without a reason and without `[DONE]` is still an end. */
  readonly endsSilently?: boolean;
  /** Only `[DONE]` ends a stream: the words' reason to stop may come before the sound does. */
  readonly endsWithDone?: boolean;
}
