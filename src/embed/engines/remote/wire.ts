import type { MediaEmbedder, TextPurpose } from '#contract/ports.ts';
import type { Refusal, RefusalKind } from '#upstream/errors.ts';

/** A text, or a medium as a server is sent it: a picture as JPEG, a sound as WAV. */
export type Item =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'image'; readonly jpeg: Uint8Array }
  | { readonly kind: 'audio'; readonly wav: Uint8Array };

/** One request: where it goes and what it says. Texts and media of one request have one purpose. */
export interface Asking {
  readonly model: string;
  readonly baseUrl: URL;
  readonly items: readonly Item[];
  readonly purpose: TextPurpose | undefined;
  /** The model was opened for media beside texts. */
  readonly forMedia: boolean;
}

/** What came back: a vector for each item, with its place in the request where the server says one, and what it counted. */
export interface Told {
  readonly vectors: readonly { readonly index: number | null; readonly vector: unknown }[];
  readonly tokens: number | null;
}

/** How a kind of server is asked for vectors. */
export interface EmbeddingWire {
  readonly about: string;
  /** What a model of this name takes. */
  takes(model: string): MediaEmbedder['capabilities']['takes'];
  /** Most items of a kind in one request; items of different kinds are never in one. */
  most(model: string, kind: Item['kind'], forMedia: boolean): number;
  /** How long its vectors are, where its vendor says so; `null` asks. */
  dimensions(model: string): number | null;
  /** The largest picture it takes; larger ones are made smaller here, where it can be seen. */
  readonly picture?: { readonly mostPixels: number; readonly mostBytes: number } | undefined;
  /** The longest sound, in milliseconds. */
  readonly mostSoundMs?: number | undefined;
  request(asking: Asking): { readonly url: URL; readonly body: object };
  /** Reads an answer; `null` where it is none. */
  read(answer: unknown): Told | null;
  readonly classify?: ((refusal: Refusal) => RefusalKind | undefined) | undefined;
  /** The refusal in an answer that looks good. */
  readonly refusalIn?: ((status: number | null, answer: unknown) => Refusal | null) | undefined;
}

/** Vectors in OpenAI’s list, which most servers answer with. */
export function openAiList(answer: unknown): Told | null {
  const { data, usage } = (answer ?? {}) as {
    data?: unknown;
    usage?: { total_tokens?: unknown; prompt_tokens?: unknown };
  };
  if (!Array.isArray(data)) return null;
  return {
    vectors: data.map((entry: { index?: unknown; embedding?: unknown } | null) => ({
      index: typeof entry?.index === 'number' ? entry.index : null,
      vector: entry?.embedding,
    })),
    tokens: countOf(usage?.prompt_tokens) ?? countOf(usage?.total_tokens),
  };
}

/** A count of tokens as a server said it; `null` for anything else. */
export function countOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

/** Bytes as the data URL that servers take in place of an address. */
export function dataUrl(mimeType: string, bytes: Uint8Array): string {
  return `data:${mimeType};base64,${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')}`;
}
