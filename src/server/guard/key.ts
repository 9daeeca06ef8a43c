import { randomBytes, hash as sha } from 'node:crypto';
import { z } from 'zod';

const Limit = z.number().int().positive().nullable();

/** How much one key may do; `null` takes the server's own limit. */
export const KeyLimits = z.strictObject({
  requestsPerMinute: Limit,
  requestsPerDay: Limit,
  requestsAtOnce: Limit,
});
export type KeyLimits = z.infer<typeof KeyLimits>;

/** A key as it lies in `keys.json`: everything but the key itself, of which only the hash (64 hex digits) is kept. */
export const StoredKey = z.strictObject({
  id: z.string().regex(/^key_[0-9a-f]{12}$/),
  name: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().nullable(),
  revokedAt: z.iso.datetime().nullable(),
  limits: KeyLimits,
  /** Written only where it is so, so that an older server can still read the file. */
  mayBringVectors: z.literal(true).optional(),
});
export type StoredKey = z.infer<typeof StoredKey>;

/** What may be shown of a key. */
export type ListedKey = Omit<StoredKey, 'sha256'>;

/** Who makes a request: what is counted, logged and limited. */
export interface Key {
  readonly id: string;
  readonly name: string;
  readonly limits: KeyLimits;
  /** Whether it may bring vectors of its own, where the server takes any. */
  readonly mayBringVectors?: boolean | undefined;
}

export const NO_LIMITS: KeyLimits = { requestsPerMinute: null, requestsPerDay: null, requestsAtOnce: null };

/** Whoever calls a server that has no keys and listens on loopback only. */
export const ANYONE: Key = { id: 'anyone', name: 'anyone', limits: NO_LIMITS };

/** A new key: 256 random bits in 43 characters, behind a word that scanners for leaked secrets can look for. */
export function newSecret(): string {
  return `sk-sensorium-${randomBytes(32).toString('base64url')}`;
}

/** A new key id, `key_` and 12 hex digits. */
export function newKeyId(): string {
  return `key_${randomBytes(6).toString('hex')}`;
}

/**
 * SHA-256 of a key, as 64 hex digits. A fast hash is right here: slow ones (scrypt, Argon2) make guessing a person's
 * password dear, but nobody guesses 256 random bits, however cheap one guess is; and this runs on every request.
 */
export function hashOf(secret: string): string {
  return sha('sha256', secret);
}
