import type { Point } from './checks.ts';

type Json = Readonly<Record<string, unknown>>;

/** Whether a point counts: filters as Qdrant’s documentation explains them. */
export function counts(point: Point, filter: Json | undefined): boolean {
  if (filter === undefined) return true;
  const conditions = (name: string) => (filter[name] ?? []) as readonly Json[];
  const should = conditions('should');
  return (
    conditions('must').every((one) => holds(point, one)) &&
    !conditions('must_not').some((one) => holds(point, one)) &&
    (should.length === 0 || should.some((one) => holds(point, one)))
  );
}

function holds(point: Point, condition: Json): boolean {
  if ('has_id' in condition) return (condition.has_id as unknown[]).includes(point.id);
  if (!('key' in condition)) return counts(point, condition);
  const value = point.payload[String(condition.key)];
  const { match, range } = condition as {
    match?: { value?: unknown; any?: unknown[] };
    range?: Record<string, number>;
  };
  if (match) return match.any ? match.any.includes(value) : match.value === value;
  if (typeof value !== 'number' || !range) return false;
  const { gt = -Infinity, gte = -Infinity, lt = Infinity, lte = Infinity } = range;
  return value > gt && value >= gte && value < lt && value <= lte;
}

/** The cosine of two vectors. */
export function cosine(a: readonly number[], b: readonly number[]): number {
  const dot = (x: readonly number[], y: readonly number[]) =>
    x.reduce((sum, value, at) => sum + value * (y[at] ?? 0), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b) || 1);
}
