import { SensoriumError } from '#contract/error.ts';
import { hashOf, type KeyLimits, type ListedKey, newKeyId, newSecret, type StoredKey } from './key.ts';
import { changeKeys, readKeys } from './key-file.ts';

export interface NewKey {
  readonly name: string;
  readonly limits: KeyLimits;
  readonly expiresAt: Date | null;
  readonly mayBringVectors?: boolean | undefined;
}

/** Makes a key that opens the server. The secret is in what is returned and nowhere else. */
export async function createKey(
  home: string,
  { name, limits, expiresAt, mayBringVectors }: NewKey,
): Promise<{ key: ListedKey; secret: string }> {
  const secret = newSecret();
  const key: StoredKey = {
    id: newKeyId(),
    name,
    sha256: hashOf(secret),
    createdAt: new Date().toISOString(),
    expiresAt: expiresAt?.toISOString() ?? null,
    revokedAt: null,
    limits,
    ...(mayBringVectors ? { mayBringVectors } : {}),
  };
  await changeKeys(home, (keys) => [...keys, key]);
  return { key: listed(key), secret };
}

/** Every key there ever was, oldest first, without its hash. */
export function listKeys(home: string): readonly ListedKey[] {
  return readKeys(home).map(listed);
}

/** Closes the server to a key, for good. Revoking twice keeps the first time. Throws `server.unknown-key`. */
export async function revokeKey(home: string, id: string): Promise<ListedKey> {
  let revoked: StoredKey | undefined;
  await changeKeys(home, (keys) => {
    const found = keys.find((key) => key.id === id);
    if (!found) {
      // The id is not repeated: it may be a key, given by mistake.
      throw new SensoriumError('server.unknown-key', 'There is no key with that id.', {
        hint: '`sensorium keys list` shows all ids.',
      });
    }
    const closed = { ...found, revokedAt: found.revokedAt ?? new Date().toISOString() };
    revoked = closed;
    return keys.map((key) => (key === found ? closed : key));
  });
  return listed(revoked as unknown as StoredKey);
}

function listed({ sha256: _, ...rest }: StoredKey): ListedKey {
  return rest;
}
