import { z } from 'zod';
import { MediaKind } from './media.ts';

/**
 * A space vectors live in: whoever made them, how, and how they are compared. `id` is a hash of all the rest, so vectors
 * of two embedders can never meet in one. `weightsSha256` is `null` for an embedder behind an API.
 */
export const Space = z.object({
  id: z.string().regex(/^[a-z0-9][a-z0-9_]{0,62}$/),
  embedder: z.string(),
  weightsSha256: z.string().nullable(),
  dimensions: z.number().int().min(1).max(16_384),
  metric: z.literal('cosine'),
  preprocessing: z.string(),
  /** What it takes: text alone, or pictures and text, or sound and text. */
  takes: z.array(MediaKind),
});
export type Space = z.infer<typeof Space>;

/** What a caller may say of an item, to filter by. */
export const Attribute = z.union([z.string().max(512), z.number(), z.boolean()]);
export type Attribute = z.infer<typeof Attribute>;

/** A piece of a medium in a store: where it comes from, what stands for it in words, and its place in one space. Media bytes are never in it. */
export const StoredItem = z.object({
  /** Unique in its space. */
  id: z.string(),
  tenant: z.string(),
  /** The vector store and the file of it that this is a piece of. */
  store: z.string(),
  file: z.string(),
  modality: MediaKind,
  /** Of the medium’s bytes; its content is kept under this name. */
  sha256: z.string(),
  /** What stands for it in words: the chunk itself, a transcript, what was read in a picture. Empty where nothing does. */
  surrogate: z.string(),
  /** Where in a recording or video; `null` for what has no time. */
  fromMs: z.number().nullable(),
  toMs: z.number().nullable(),
  attributes: z.record(z.string().max(64), Attribute),
});
export type StoredItem = z.infer<typeof StoredItem>;

/**
 * A condition on attributes, in the shape of OpenAI’s vector stores. Values are alike only when of one type; `gt`, `gte`, `lt` and
 * `lte` compare numbers. What an item lacks is equal to nothing, in no list, and neither more nor less than anything; `ne` and
 * `nin` are the plain contrary of `eq` and `in`. An empty `and` holds for all, an empty `or` or `in` for none.
 */
export type AttributeFilter =
  | {
      readonly type: 'eq' | 'ne' | 'gt' | 'gte' | 'lt' | 'lte';
      readonly key: string;
      readonly value: Attribute;
    }
  | { readonly type: 'in' | 'nin'; readonly key: string; readonly value: readonly (string | number)[] }
  | { readonly type: 'and' | 'or'; readonly filters: readonly AttributeFilter[] };

/** Which items count. A tenant is always named: nobody sees another’s. */
export interface Which {
  readonly tenant: string;
  readonly store?: string | undefined;
  readonly file?: string | undefined;
  readonly modality?: MediaKind | undefined;
  readonly filter?: AttributeFilter | undefined;
}

/** A found item. `similarity` is the cosine, 1 to -1; it means something within its own space alone. */
export interface Hit {
  readonly item: StoredItem;
  readonly similarity: number;
}

export interface VectorQuery {
  readonly vector: Float32Array;
  readonly limit: number;
  readonly which: Which;
  /** Compares every item that counts, whatever indexes there are. */
  readonly exact?: boolean | undefined;
}

/** What was found, and how: `scan` compared all that count, `index` asked an approximate index. */
export interface Found {
  readonly hits: readonly Hit[];
  readonly way: 'scan' | 'index';
}

/** How many of the true nearest items an index found, averaged over the `samples` queries that were also answered exactly. */
export interface LiveRecall {
  readonly value: number;
  readonly samples: number;
}

/** What an engine says of one space. `null` where it cannot tell. */
export interface SpaceStats {
  readonly items: number;
  readonly unindexed: number | null;
  readonly fragments: number | null;
  readonly sizeBytes: number | null;
  /** Filled in by `openVectorStore`, never by an engine; `null` until a query was sampled. */
  readonly recall?: LiveRecall | null | undefined;
}

/**
 * Where vectors are kept: one per engine. Every call names its space by id; `open` must have been called for it once, by this
 * process or another. What a resolved `put` or `remove` did is on disk: a killed process loses nothing of it. Several processes may use one
 * store. Throws `store.*`.
 */
export interface VectorStore {
  readonly id: string;
  /** Makes a space, or finds it. Throws `store.space-mismatch` where one of that id was made by another embedder. */
  open(space: Space, signal: AbortSignal): Promise<void>;
  spaces(signal: AbortSignal): Promise<readonly Space[]>;
  /** Adds items, in place of those with the same ids. Vectors have length 1. */
  put(
    space: string,
    items: readonly { readonly item: StoredItem; readonly vector: Float32Array }[],
    signal: AbortSignal,
  ): Promise<void>;
  /** Removes items by what they belong to and says how many; never a whole tenant’s without a store or file named. */
  remove(
    space: string,
    which: { readonly tenant: string; readonly store: string; readonly file?: string | undefined },
    signal: AbortSignal,
  ): Promise<number>;
  /** The nearest items, best first; equal ones by id. */
  search(space: string, query: VectorQuery, signal: AbortSignal): Promise<Found>;
  count(space: string, which: Which, signal: AbortSignal): Promise<number>;
  stats(space: string, signal: AbortSignal): Promise<SpaceStats>;
  /** Brings indexes and files up to date; may take minutes, and others may search meanwhile. */
  optimize(space: string, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}
