import { LRUCache } from 'lru-cache';

/** What was said in spoken answers, by their id, so that a client may refer to one as OpenAI’s API allows. */
export interface SpokenAnswers {
  get(id: string): string | undefined;
  /** Keeps the words and says when they will be forgotten, in seconds since 1970. */
  keep(id: string, words: string): number;
}

/** OpenAI keeps a spoken answer for about an hour. */
const KEPT_SECONDS = 3600;
const MOST_KEPT = 1000;

/** Keeps spoken answers in memory only, the newest thousand for an hour. */
export function spokenAnswers(): SpokenAnswers {
  const kept = new LRUCache<string, string>({ max: MOST_KEPT, ttl: KEPT_SECONDS * 1000 });
  return {
    get: (id) => kept.get(id),
    keep(id, words) {
      kept.set(id, words);
      return Math.floor(Date.now() / 1000) + KEPT_SECONDS;
    },
  };
}
