/** A part of a reference: text, or the ways one place may be written. An empty way leaves it out. */
export type Part = string | readonly string[];

const BRACES = /\{\s([^{}]*)\s\}/gu;
const BETWEEN = /\s\/\s/u;

/**
 * Reads `{ a / b / @ }` as NIST's transcripts have it: a place that may be written as `a`, as `b`, or (`@`) not at all. One deep.
 * Braces without spaces inside, or without ` / `, are text.
 */
export function partsOf(reference: string): Part[] {
  const parts: Part[] = [];
  let at = 0;
  for (const { 0: whole, 1: ways = '', index } of reference.matchAll(BRACES)) {
    if (!BETWEEN.test(ways)) continue;
    parts.push(reference.slice(at, index));
    parts.push(ways.split(BETWEEN).map((way) => (way.trim() === '@' ? '' : way.trim())));
    at = index + whole.length;
  }
  parts.push(reference.slice(at));
  return parts.filter((part) => part !== '');
}
