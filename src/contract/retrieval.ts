import { z } from 'zod';
import { MediaKind } from './media.ts';
import { Attribute } from './vector-store.ts';

/**
 * Something that was found in a vector store. `places` says where it stood in each space that found it: `rank` from 1, and `similarity`, a cosine
 * that means something within that space alone. `fusion` is what the ranks add up to (reciprocal rank fusion) and orders the found.
 */
export const FoundItem = z.object({
  store: z.string(),
  file: z.string(),
  filename: z.string(),
  modality: MediaKind,
  text: z.string(),
  fromMs: z.number().nullable(),
  toMs: z.number().nullable(),
  page: z.number().int().positive().nullable(),
  attributes: z.record(z.string(), Attribute),
  fusion: z.number(),
  places: z.array(
    z.object({ space: z.string(), embedder: z.string(), rank: z.number().int().positive(), similarity: z.number() }),
  ),
  why: z.string(),
});
export type FoundItem = z.infer<typeof FoundItem>;

/** A found item that became part of a request: as which part of it, in which form, and why so. */
export const Retrieved = FoundItem.extend({
  part: z.string(),
  as: z.enum(['medium', 'clip', 'text']),
  reason: z.string(),
});
export type Retrieved = z.infer<typeof Retrieved>;
