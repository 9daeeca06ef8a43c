import { z } from 'zod';
import { MediaKind } from './media.ts';

/**
 * A sequence of vectors in a language model's own input space, made of one part of a request: `rows` of them of `width` numbers,
 * row after row in `values`. They are not the vectors of a search: those are one for an item and mean nothing to a language model.
 */
export interface PromptVectors {
  readonly part: string;
  readonly rows: number;
  readonly width: number;
  readonly values: Float32Array;
  /** What they stand for, in words: what moderation and the log read, and what goes in their place where they cannot. Never empty. */
  readonly surrogate: string;
  /** Of the numbers as little-endian float32. */
  readonly sha256: string;
  /** The component that made them; `null` where a caller brought them. */
  readonly component: string | null;
}

/** A prompt as a model reads it, in order: tokens, or rows of numbers in its input space. */
export type PromptPiece = { readonly tokens: readonly number[] } | { readonly vectors: Float32Array };

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/**
 * What tells one model's input space from another's. What cannot be seen from outside is `null`. `tokenizerSha256` is of the
 * pieces in their order, the merges, the special tokens and the rules for the first and last; `tableSha256` of the table's bytes and
 * their type as served; `sketch` is 64 fixed rows of it, to know the same table stored more coarsely. `scale` is what the model
 * multiplies its own rows by and raw vectors not (Gemma: √width).
 */
export const ModelFingerprint = z.object({
  engine: z.string(),
  architecture: z.string().nullable(),
  width: z.number().int().positive(),
  vocabulary: z.number().int().positive().nullable(),
  tokenizerSha256: Sha256.nullable(),
  tableSha256: Sha256.nullable(),
  tableType: z.string().nullable(),
  sketch: z.array(z.array(z.number())).nullable(),
  scale: z.number().positive(),
  perLayerInputs: z.boolean().nullable(),
  deepstackLayers: z.number().int().nonnegative().nullable(),
  positionStreams: z.number().int().positive().nullable(),
  chatTemplateSha256: Sha256.nullable(),
});
export type ModelFingerprint = z.infer<typeof ModelFingerprint>;

/** How the vectors of a component usually look, so that a drift is noticed. All per row, over the items it was calibrated on. */
export const VectorStatistics = z.object({
  items: z.number().int().positive(),
  normMean: z.number(),
  normDeviation: z.number(),
  nearestCosineMean: z.number(),
  nearestCosineDeviation: z.number(),
  duplicateShare: z.number(),
});
export type VectorStatistics = z.infer<typeof VectorStatistics>;

/** How well the gate told useless vectors from useful ones for one model: a point for each threshold of the information share. */
export const GateCalibration = z.object({
  date: z.iso.date(),
  negatives: z.number().int().nonnegative(),
  positives: z.number().int().nonnegative(),
  negativesRefused: z.number().int().nonnegative(),
  positivesAccepted: z.number().int().nonnegative(),
  threshold: z.number(),
  roc: z.array(z.object({ threshold: z.number(), falseAccepts: z.number(), trueAccepts: z.number() })),
});
export type GateCalibration = z.infer<typeof GateCalibration>;

/** How a connector is fitted: by which mapping, and whether what comes of it is brought onto the model’s own rows. */
export const CONNECTOR_METHODS = ['ridge', 'procrustes', 'ridge-mixture', 'procrustes-mixture', 'classify'] as const;
export type ConnectorMethod = (typeof CONNECTOR_METHODS)[number];

/** What a component is and for which model it was made: `component.json` in its folder. */
export const ComponentManifest = z.object({
  schema: z.literal('embedding-component/1'),
  id: z.string(),
  kind: z.enum(['identity', 'own-table', 'mmproj', 'connector']),
  takes: z.array(MediaKind),
  encoder: z.object({ name: z.string(), sha256: Sha256.nullable() }).nullable(),
  projectorSha256: Sha256.nullable(),
  target: ModelFingerprint,
  /** In words: `1 a token`, `256 a picture`. */
  vectorsPer: z.string().nullable(),
  statistics: VectorStatistics.nullable(),
  calibration: GateCalibration.nullable(),
});
export type ComponentManifest = z.infer<typeof ComponentManifest>;
