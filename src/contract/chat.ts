import type { Answer, AnswerToken, ToolCall } from './answer.ts';
import type { MediaPart } from './media.ts';
import type { PromptVectors } from './prompt-vectors.ts';

/**
 * A piece of a message: words, a medium the model takes itself, or vectors in its own input space. `detail` is how closely a
 * picture is to be looked at.
 */
export type ContentPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'media'; readonly media: MediaPart; readonly detail?: string | undefined }
  | { readonly kind: 'vectors'; readonly vectors: PromptVectors };

/** One message of a conversation. `toolCalls` are an assistant's; `toolCallId` says which one a tool's message answers. */
export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant' | 'tool';
  readonly content: string | readonly ContentPart[];
  readonly name?: string | undefined;
  readonly toolCalls?: readonly ToolCall[] | undefined;
  readonly toolCallId?: string | undefined;
}

/** A function the model may ask for. `parameters` is a JSON Schema. */
export interface ToolDefinition {
  readonly name: string;
  readonly description?: string | undefined;
  readonly parameters?: Readonly<Record<string, unknown>> | undefined;
  readonly strict?: boolean | null | undefined;
}

/** How the model is to answer. What a model cannot heed it notes as `option-ignored`; nothing is left out in silence. */
export interface AskOptions {
  readonly temperature?: number | undefined;
  readonly topP?: number | undefined;
  readonly maxTokens?: number | undefined;
  readonly seed?: number | undefined;
  /** Texts at which the answer ends; they are not part of it. */
  readonly stop?: readonly string[] | undefined;
  readonly frequencyPenalty?: number | undefined;
  readonly presencePenalty?: number | undefined;
  /** Asks for each token's log-probability, and for those of this many likeliest others. */
  readonly logprobs?: { readonly top: number } | undefined;
  readonly tools?: readonly ToolDefinition[] | undefined;
  readonly toolChoice?: 'none' | 'auto' | 'required' | { readonly name: string } | undefined;
  readonly responseFormat?:
    | { readonly kind: 'text' }
    | { readonly kind: 'json' }
    | {
        readonly kind: 'json-schema';
        readonly name: string;
        readonly description?: string | undefined;
        readonly schema: Readonly<Record<string, unknown>>;
        readonly strict?: boolean | null | undefined;
      }
    | undefined;
  /** Further fields of OpenAI's chat completions by their names there; handed on as they are to a server that speaks it. */
  readonly extra?: Readonly<Record<string, unknown>> | undefined;
}

export interface AskRequest extends AskOptions {
  readonly messages: readonly ChatMessage[];
  /** The model is to say its answer itself, in this voice of its own; `null` is its usual one. */
  readonly speak?: { readonly voice: string | null } | undefined;
  /** `false` when nobody needs the answer before it is whole; a model may then answer in one piece. */
  readonly stream?: boolean | undefined;
}

export type AskEvent =
  | { readonly kind: 'text-delta'; readonly text: string; readonly logprobs?: readonly AnswerToken[] }
  /** The model's own voice: mono float32 in [-1, 1]. */
  | { readonly kind: 'sound-delta'; readonly pcm: Float32Array; readonly sampleRateHz: number }
  | { readonly kind: 'reasoning-delta'; readonly text: string }
  | { readonly kind: 'refusal-delta'; readonly text: string }
  | {
      readonly kind: 'tool-call-delta';
      readonly index: number;
      readonly id?: string | undefined;
      readonly name?: string | undefined;
      readonly arguments: string;
    }
  | { readonly kind: 'answer-end'; readonly answer: Answer };
