/**
 * Text as PostgreSQL can keep it, which knows neither U+0000 nor halves of surrogate pairs: those, and `\` itself, are written as
 * `\` with their number. Two different texts never become one.
 */
export function storable(text: string): string {
  return text.replaceAll(/[\\\0\p{Cs}]/gu, (one) => `\\${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** A vector as pgvector reads it. */
export function vectorText(vector: Float32Array): string {
  return `[${vector.join(',')}]`;
}
