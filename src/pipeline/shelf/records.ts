import { randomBytes } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { SensoriumError } from '#contract/error.ts';
import { Loss } from '#contract/loss.ts';
import { MediaKind } from '#contract/media.ts';
import { Attribute, StoredItem } from '#contract/vector-store.ts';
import { type Documents, documents } from './documents.ts';

/** A file as it came: its bytes lie under their hash as long as `kept`. Times are milliseconds since 1970. */
export const ShelfFile = z.object({
  id: z.string(),
  filename: z.string(),
  purpose: z.string(),
  sizeBytes: z.number().int().nonnegative(),
  sha256: z.string(),
  kind: MediaKind,
  mimeType: z.string(),
  createdMs: z.number(),
  expiresMs: z.number().nullable(),
  kept: z.boolean(),
});
export type ShelfFile = z.infer<typeof ShelfFile>;

/** A vector store as its owner sees it. */
export const ShelfStore = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  metadata: z.record(z.string().max(64), z.string().max(512)),
  createdMs: z.number(),
  lastActiveMs: z.number(),
  expiresAfterDays: z.number().int().positive().nullable(),
});
export type ShelfStore = z.infer<typeof ShelfStore>;

export const Chunking = z.object({ maxTokens: z.number().int(), overlap: z.number().int() });
export type Chunking = z.infer<typeof Chunking>;

export const ShelvedStatus = z.enum(['in_progress', 'completed', 'failed', 'cancelled']);
export type ShelvedStatus = z.infer<typeof ShelvedStatus>;

/**
 * A file in a vector store: how far it has come, what was lost on the way, how many pieces of it lie in each space. `settings` stands
 * for everything its pieces depend on, and `worker` is the process that works on it.
 */
export const ShelvedFile = z.object({
  id: z.string(),
  store: z.string(),
  createdMs: z.number(),
  status: ShelvedStatus,
  lastError: z
    .object({ code: z.enum(['server_error', 'unsupported_file', 'invalid_file']), message: z.string() })
    .nullable(),
  attributes: z.record(z.string().max(64), Attribute),
  chunking: Chunking.nullable(),
  language: z.string().nullable(),
  textOnly: z.boolean(),
  batch: z.string().nullable(),
  settings: z.string(),
  spaces: z.array(z.object({ space: z.string(), embedder: z.string(), pieces: z.number().int() })),
  usageBytes: z.number().int().nonnegative(),
  losses: z.array(Loss),
  worker: z.number().int().nullable(),
});
export type ShelvedFile = z.infer<typeof ShelvedFile>;

export const Batch = z.object({ id: z.string(), store: z.string(), createdMs: z.number(), files: z.array(z.string()) });
export type Batch = z.infer<typeof Batch>;

/** A piece of a file with its vector (base64 of little-endian float32) in one space, and the page it stands on. */
export const Piece = z.object({
  space: z.string(),
  item: StoredItem,
  page: z.number().int().positive().nullable(),
  vector: z.string(),
});
export type Piece = z.infer<typeof Piece>;

/** All pieces of a file, kept beside the engine: what is asked of its text, and a broken-off adding, need no embedder a second time. */
export const Pieces = z.object({ settings: z.string(), losses: z.array(Loss), pieces: z.array(Piece) });
export type Pieces = z.infer<typeof Pieces>;

/** Everything written down for one tenant. */
export interface Records {
  readonly files: Documents<ShelfFile>;
  readonly stores: Documents<ShelfStore>;
  shelved(store: string): Documents<ShelvedFile>;
  pieces(store: string): Documents<Pieces>;
  batches(store: string): Documents<Batch>;
  /** Forgets everything of one store. */
  forget(store: string): Promise<void>;
}

const TENANT = /^[A-Za-z0-9][\w.-]{0,63}$/;
const STORE = /^vs_[0-9a-f]{24}$/;

/** Opens the records of one tenant. Throws `store.bad-request` for a name that cannot be a tenant's. */
export function recordsOf(folder: string, tenant: string): Records {
  if (!TENANT.test(tenant)) {
    throw new SensoriumError('store.bad-request', 'That is no name of a tenant.', {
      hint: 'It is the id of a key (`sensorium keys list`), or `anyone`.',
    });
  }
  const own = join(folder, 'records', tenant);
  const under = (store: string, what: string) => {
    // Only ids of ours become part of a path.
    return join(own, STORE.test(store) ? store : 'vs_none', what);
  };
  return {
    files: documents(join(own, 'files'), ShelfFile),
    stores: documents(join(own, 'stores'), ShelfStore),
    shelved: (store) => documents(under(store, 'files'), ShelvedFile),
    pieces: (store) => documents(under(store, 'pieces'), Pieces),
    batches: (store) => documents(under(store, 'batches'), Batch),
    async forget(store) {
      if (STORE.test(store)) await rm(join(own, store), { recursive: true, force: true });
    },
  };
}

/** Everybody who has records. */
export async function tenantsIn(folder: string): Promise<string[]> {
  const names = await readdir(join(folder, 'records')).catch(() => []);
  return names.filter((name) => TENANT.test(name));
}

/** A new id in the form of OpenAI's: `vs_`, `file-` or `vsfb_` and 24 hex digits. */
export function newId(prefix: 'vs_' | 'file-' | 'vsfb_'): string {
  return prefix + randomBytes(12).toString('hex');
}
