import type { MediaKind } from '#contract/media.ts';

const REMEMBERED = 20;
const LEAST = 3;

/** How long each way took lately, by engine and kind of medium: what `fastest` goes by. It lives as long as the process. */
export interface Experience {
  took(route: 'native' | 'text', engine: string, kind: MediaKind, ms: number): void;
  /** The median of the latest, in milliseconds; `null` before there are three. */
  medianMs(route: 'native' | 'text', engine: string, kind: MediaKind): number | null;
}

/** Begins without any experience. */
export function experience(): Experience {
  const seen = new Map<string, number[]>();
  const keyOf = (...words: readonly string[]) => words.join('\n');
  return {
    took(route, engine, kind, ms) {
      const key = keyOf(route, engine, kind);
      seen.set(key, [...(seen.get(key) ?? []), ms].slice(-REMEMBERED));
    },
    medianMs(route, engine, kind) {
      const times = seen.get(keyOf(route, engine, kind)) ?? [];
      if (times.length < LEAST) return null;
      return [...times].sort((a, b) => a - b)[times.length >> 1] ?? null;
    },
  };
}
