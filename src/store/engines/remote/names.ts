import { createHash } from 'node:crypto';
import { SensoriumError } from '#contract/error.ts';
import type { Attribute } from '#contract/vector-store.ts';

const HANDED_ON = /^[A-Za-z0-9_]{1,64}$/;

/**
 * What an attribute is called inside an engine: letters, digits and `_` alone, whatever its key holds, so that no key can be read as
 * a path or as part of an expression. The first letter is the type of its values: a key may have several, and they are never compared.
 */
export function fieldOf(key: string, value: Attribute): string {
  const type = typeof value === 'string' ? 's' : typeof value === 'number' ? 'n' : 'b';
  return HANDED_ON.test(key) ? `${type}_${key}` : `${type}x_${Buffer.from(key, 'utf16le').toString('hex')}`;
}

/** A name of fixed length for any text: 32 hexadecimal digits of its SHA-256. */
export function hashed(text: string): string {
  return createHash('sha256').update(Buffer.from(text, 'utf16le')).digest('hex').slice(0, 32);
}

/** Refuses a prefix for names inside an engine that is more than letters, digits and `_`. Throws `config.invalid`. */
export function mustBePrefix(prefix: string): string {
  if (/^[a-z_][a-z0-9_]{0,39}$/.test(prefix)) return prefix;
  throw new SensoriumError('config.invalid', `${JSON.stringify(prefix)} cannot begin the names of a vector store.`, {
    hint: 'Use small letters, digits and _, at most 40, not beginning with a digit.',
  });
}

/**
 * Text as any server can keep it. Neither PostgreSQL nor JSON as others read it knows halves of surrogate pairs, and PostgreSQL no
 * U+0000: those, and `\` itself, are written as `\` with their number. Two different texts never become one.
 */
export function storable(text: string): string {
  return text.replaceAll(/[\\\0\p{Cs}]/gu, (one) => `\\${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
