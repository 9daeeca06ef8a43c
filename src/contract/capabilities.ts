import type { MediaKind } from './media.ts';

/** Yes, no, or nobody has established it. */
export type Known = boolean | 'unknown';

/** Who says a thing, and when it was read or seen (`YYYY-MM-DD`; `null` where nobody wrote the day down). */
export interface Evidence {
  readonly source: string;
  readonly date: string | null;
}

/**
 * How much of one kind of media a model takes. What is left out is not known to be limited. `maxEncodedBytes` is of the base64
 * text; sides and pixels are of a picture or a frame; `maxRatio` is long side over short side.
 */
export interface KindLimits {
  readonly mimeTypes?: readonly string[] | undefined;
  readonly maxBytes?: number | undefined;
  readonly maxEncodedBytes?: number | undefined;
  readonly maxCount?: number | undefined;
  readonly minDurationMs?: number | undefined;
  readonly maxDurationMs?: number | undefined;
  readonly minSidePx?: number | undefined;
  readonly maxSidePx?: number | undefined;
  readonly maxPixels?: number | undefined;
  readonly maxRatio?: number | undefined;
  /** It may only be given as an address the vendor can fetch, never as bytes. */
  readonly addressOnly?: boolean | undefined;
}

/** What a model insists on. What is left out is unknown and counts as not insisted on. */
export interface ModelRules {
  /** It answers only as a stream. */
  readonly streamOnly?: Known | undefined;
  /** A message holds words and at most one other kind of media. */
  readonly oneKindPerMessage?: Known | undefined;
  /** It takes a system message also when it answers in sound. */
  readonly systemWhenSpeaking?: Known | undefined;
  /** Documents may stand beside pictures and videos in one request. */
  readonly documentsBesideMedia?: Known | undefined;
  /** It hears the sound of a video and does not only see it. */
  readonly hearsVideo?: Known | undefined;
}

/** Kinds that can be said of a model one by one, each with its own evidence: `input.audio`, `limits.image`, `rules.streamOnly`. */
export type CapabilityField =
  | `input.${MediaKind}`
  | `output.${'text' | 'audio'}`
  | `limits.${MediaKind}`
  | `rules.${keyof ModelRules}`
  | 'embeddings'
  | 'contextTokens'
  | 'languages';

/** What a model takes in and gives out, each established, denied or unknown, and where that knowledge comes from. */
export interface ModelCapabilities {
  readonly input: Readonly<Record<MediaKind, Known>>;
  readonly output: Readonly<Record<'text' | 'audio', Known>>;
  /** Whether it takes vectors of its own input space among its words; not whether it makes vectors for a search. */
  readonly embeddings: Known;
  readonly contextTokens: number | null;
  readonly languages: readonly string[] | 'unknown';
  readonly limits?: Readonly<Partial<Record<MediaKind, KindLimits>>> | undefined;
  readonly rules?: ModelRules | undefined;
  /** Who says most of it; `evidence` names the fields that somebody else established. */
  readonly source: string;
  readonly date?: string | null | undefined;
  readonly evidence?: Readonly<Partial<Record<CapabilityField, Evidence>>> | undefined;
}

/** Who says one thing of a model, and when. */
export function evidenceFor({ source, date = null, evidence }: ModelCapabilities, field: CapabilityField): Evidence {
  return evidence?.[field] ?? { source, date };
}
