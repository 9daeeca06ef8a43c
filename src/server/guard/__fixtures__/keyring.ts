import type { Keyring } from '../keyring.ts';
import { type Key, NO_LIMITS } from '../key.ts';

/** A key without limits of its own. */
export function keyNamed(id: string, limits: Partial<Key['limits']> = {}): Key {
  return { id, name: id, limits: { ...NO_LIMITS, ...limits } };
}

/** A keyring that knows these secrets; without any, no key is required. */
export function ringWith(...secrets: readonly string[]): Keyring {
  return {
    find: (secret) => (secrets.includes(secret) ? keyNamed(secret) : null),
    required: secrets.length > 0,
    usable: secrets.length > 0,
    guessable: false,
  };
}
