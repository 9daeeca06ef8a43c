import type { Hit } from '#contract/vector-store.ts';
import type { MilvusClient } from '#runtime/milvus.ts';
import { asCosine, fromText } from '../remote/item.ts';
import { accepted } from './errors.ts';

/** What one answer holds on average; Milvus gives 16,384 rows at most, and hashes are spread evenly. */
const ROWS_AT_ONCE = 2_048;
/** 16 MB of floats. */
const NUMBERS_AT_ONCE = 4_000_000;
const SPACE_OF_KEYS = 16 ** 6;

interface Candidate {
  readonly key: string;
  readonly similarity: number;
}

/**
 * Compares every item that counts, here: with an index in place Milvus has no search that is exact. All vectors that count come over the
 * wire, a range of keys at a time (keys are hashes, so ranges are of one size whatever order Milvus answers in).
 */
export async function compareAll(
  client: MilvusClient,
  name: string,
  expression: string,
  items: number,
  vector: Float32Array,
  limit: number,
  signal: AbortSignal,
): Promise<readonly Hit[]> {
  const rowsAtOnce = Math.min(ROWS_AT_ONCE, Math.ceil(NUMBERS_AT_ONCE / vector.length));
  const ranges = Math.max(1, Math.ceil(items / rowsAtOnce));
  let best: Candidate[] = [];
  for (let range = 0; range < ranges; range++) {
    signal.throwIfAborted();
    const filter = `${expression} and key >= "${edge(range, ranges)}" and key < "${edge(range + 1, ranges)}"`;
    const rows = await read(client, name, filter, ['key', 'vector']);
    const compared = rows.map((row) => ({
      key: String(row.key),
      similarity: asCosine(cosine(row.vector as readonly number[], vector)),
    }));
    best = [...best, ...compared].sort((a, b) => b.similarity - a.similarity).slice(0, limit);
  }
  const whole = await itemsOf(
    client,
    name,
    best.map(({ key }) => key),
  );
  return best.flatMap(({ key, similarity }) => {
    const item = whole.get(key);
    return item === undefined ? [] : [{ item: fromText(item), similarity }];
  });
}

async function itemsOf(client: MilvusClient, name: string, keys: readonly string[]): Promise<Map<string, string>> {
  const items = new Map<string, string>();
  for (let at = 0; at < keys.length; at += ROWS_AT_ONCE) {
    const some = keys.slice(at, at + ROWS_AT_ONCE).map((key) => `"${key}"`);
    for (const row of await read(client, name, `key in [${some.join(', ')}]`, ['key', 'item'])) {
      items.set(String(row.key), String(row.item));
    }
  }
  return items;
}

async function read(client: MilvusClient, name: string, filter: string, output_fields: string[]) {
  const limit = 16_384;
  return accepted(
    await client.query({ collection_name: name, filter, output_fields, limit, consistency_level: 'Strong' as never }),
    'Query',
  ).data;
}

/** Where one of so many ranges of keys begins; `g` comes after every hexadecimal digit. */
function edge(range: number, ranges: number): string {
  if (range >= ranges) return 'g';
  return Math.floor((range * SPACE_OF_KEYS) / ranges)
    .toString(16)
    .padStart(6, '0');
}

/** Milvus keeps vectors as they came; ours have length 1 but for their rounding. */
function cosine(a: readonly number[], b: Float32Array): number {
  let dot = 0;
  let ofA = 0;
  let ofB = 0;
  for (let at = 0; at < b.length; at++) {
    const one = a[at] ?? 0;
    const other = b[at] ?? 0;
    dot += one * other;
    ofA += one * one;
    ofB += other * other;
  }
  return dot / Math.sqrt(ofA * ofB || 1);
}
