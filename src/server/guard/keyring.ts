import { randomBytes, hash as sha, timingSafeEqual } from 'node:crypto';
import { nowMs } from '#kit/clock.ts';
import { hashOf, type Key, NO_LIMITS } from './key.ts';
import { readKeys, stateOf } from './key-file.ts';

/** The keys that open a running server. */
export interface Keyring {
  /** The key behind a secret; `null` when it is unknown, revoked or expired. A few microseconds, as many as keys there may be. */
  find(secret: string): Key | null;
  /** Whether requests need a key. Once they do, they do as long as the process lives, even if all keys are gone. */
  readonly required: boolean;
  /** Whether some key works now. */
  readonly usable: boolean;
  /** Whether the key in the configuration is short enough to be guessed over the network. */
  readonly guessable: boolean;
}

export interface KeyringOptions {
  /** The key of the configuration (`server.apiKey`). */
  readonly apiKey: string | null;
  /** Told once when the file stops being readable; the keys last read go on working. */
  readonly onProblem?: (error: unknown) => void;
  /** For tests: a clock that never goes back, and the time of day, both in milliseconds. */
  readonly clock?: () => number;
  readonly dateMs?: () => number;
}

interface Entry {
  readonly key: Key;
  readonly hash: Buffer;
  readonly expiresAtMs: number;
}

/** How long a change of the file may go unnoticed: a revoked key closes after this time at the latest. */
export const RELOAD_MS = 1_000;
const MIN_KEY_LENGTH = 16;

/** Opens the keys of a home folder and follows every change of the file. Throws `server.key-file-unusable`. */
export function openKeyring(home: string, options: KeyringOptions): Keyring {
  const { apiKey, onProblem = () => {}, clock = nowMs, dateMs = Date.now } = options;
  // Entries are found by a hash that is salted anew in each process. How long that search takes says nothing about the
  // stored hashes, so it may stop early; what it finds is then compared in constant time.
  const salt = randomBytes(32).toString('hex');
  const placeOf = (hash: string) => sha('sha256', salt + hash);
  const entryOf = (key: Key, hash: string, expiresAtMs: number): [string, Entry] => [
    placeOf(hash),
    { key, hash: Buffer.from(hash, 'hex'), expiresAtMs },
  ];
  let entries = new Map<string, Entry>();
  let required = false;
  let state: string | null = null;
  let checkedAtMs = Number.NEGATIVE_INFINITY;
  let troubled = false;

  const load = () => {
    const now = stateOf(home);
    if (now === state) return;
    const keys = readKeys(home);
    const fresh = keys
      .filter(({ revokedAt }) => revokedAt === null)
      .map(({ id, name, limits, mayBringVectors, sha256, expiresAt }) =>
        entryOf(
          { id, name, limits, mayBringVectors },
          sha256,
          expiresAt === null ? Number.POSITIVE_INFINITY : Date.parse(expiresAt),
        ),
      );
    if (apiKey !== null) {
      const own: Key = { id: 'server.apiKey', name: 'server.apiKey', limits: NO_LIMITS };
      fresh.push(entryOf(own, hashOf(apiKey), Number.POSITIVE_INFINITY));
    }
    entries = new Map(fresh);
    required ||= keys.length > 0 || apiKey !== null;
    state = now;
  };
  const follow = () => {
    const now = clock();
    if (now - checkedAtMs < RELOAD_MS) return;
    checkedAtMs = now;
    try {
      load();
      troubled = false;
    } catch (error) {
      if (!troubled) onProblem(error);
      troubled = true;
    }
  };
  load();
  checkedAtMs = clock();

  return {
    find(secret) {
      follow();
      const hash = hashOf(secret);
      const entry = entries.get(placeOf(hash));
      if (!entry || !timingSafeEqual(entry.hash, Buffer.from(hash, 'hex'))) return null;
      return dateMs() < entry.expiresAtMs ? entry.key : null;
    },
    get required() {
      follow();
      return required;
    },
    get usable() {
      follow();
      return [...entries.values()].some(({ expiresAtMs }) => dateMs() < expiresAtMs);
    },
    guessable: apiKey !== null && apiKey.length < MIN_KEY_LENGTH,
  };
}
