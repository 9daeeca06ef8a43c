import type { Answer } from '#contract/answer.ts';
import type { AskRequest } from '#contract/chat.ts';
import type { Media, MediaPart } from '#contract/media.ts';
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

/**
 * Where a vendor's API differs from OpenAI's. Everything is optional: what is left out is as OpenAI has it. A vendor with
 * quirks is one folder in `dialects/` that holds one of these.
 */
export interface ChatShape {
  /** Path below the base URL; `chat/completions`. */
  readonly path?: string;
  /** Headers that open the server, made anew for each try; a bearer token. */
  readonly authorise?: (options: RemoteOptions) => Record<string, string>;
  /** Whether there is a place for a medium in this form. */
  readonly accepts?: (media: Media) => boolean;
  /** A media part of a user's message, its bytes held in `slots`. */
  readonly wirePart?: (part: MediaPart, slots: MediaSlots, detail: string | undefined) => object;
  /** Last changes to the body. */
  readonly changeBody?: (draft: BodyDraft) => void;
  /** What one message of a reply says; `null` where it is none. */
  readonly readChunk?: (json: unknown) => Chunk | null;
  /** The refusal in a message of a reply, where it hides elsewhere than in `error`. */
  readonly refusalIn?: (status: number | null, json: unknown) => Refusal | null;
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
}
