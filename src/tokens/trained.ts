import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EmbeddingTable } from './embedding-table.ts';

/** What a model's input embeddings tell of how well each token was trained. */
export interface Trained {
  /** L2 norm of each row. */
  readonly norms: Float32Array;
  /** L2 distance of each row to the mean of the rows that were certainly never trained. */
  readonly distances: Float32Array;
  /** How many rows that mean was taken of. */
  readonly untrainedRows: number;
  /** Where half a chance is: 2 of 100 tokens are nearer than this. */
  readonly threshold: number;
  /** From 0 to 1, how likely a token was hardly trained; `null` for a number without a row. */
  underTrained(id: number): number | null;
}

/** Land and Bartolo look at the lowest 2 % of their indicator first (“Fishing for Magikarp”, EMNLP 2024). */
const LOWEST = 0.02;
/** With fewer rows than this nothing can be said of their mean. */
const FEWEST_UNTRAINED = 4;

/**
 * Reads all rows once: seconds. With `cacheFolder` the outcome is kept there, so that the next time takes milliseconds; it is
 * made again when the file has another size or date. `null` where no row is known to be untrained.
 */
export async function readTrained(
  path: string,
  openTable: () => Promise<EmbeddingTable>,
  untrained: ReadonlySet<number>,
  { signal, cacheFolder }: { readonly signal: AbortSignal; readonly cacheFolder?: string | undefined },
): Promise<Trained | null> {
  if (untrained.size < FEWEST_UNTRAINED) return null;
  const { size, mtimeMs } = await stat(path);
  const key = createHash('sha256')
    .update(`1 ${path} ${size} ${mtimeMs} ${[...untrained].join()}`)
    .digest('hex')
    .slice(0, 32);
  const kept = cacheFolder && join(cacheFolder, `${key}.rows`);
  const known = kept && (await recall(kept));
  if (known) return trainedOf(known.norms, known.distances, untrained);
  const table = await openTable();
  try {
    if ([...untrained].filter((id) => id < table.count).length < FEWEST_UNTRAINED) return null;
    const { norms, distances } = await measureRows(table, untrained, signal);
    if (cacheFolder && kept) await keep(cacheFolder, kept, norms, distances);
    return trainedOf(norms, distances, untrained);
  } finally {
    await table.close();
  }
}

/** Norm of each row, and its distance to the mean of the rows named. */
export async function measureRows(table: EmbeddingTable, untrained: ReadonlySet<number>, signal: AbortSignal) {
  const { width, count } = table;
  const inside = [...untrained].filter((id) => id < count);
  const mean = new Float64Array(width);
  for (const row of await table.rows(inside))
    for (let at = 0; at < width; at++) mean[at] = (mean[at] ?? 0) + (row[at] ?? 0) / inside.length;
  const norms = new Float32Array(count);
  const distances = new Float32Array(count);
  for await (const { first, rows } of table.all(signal)) {
    for (let row = 0; row < rows.length / width; row++) {
      let square = 0;
      let apart = 0;
      for (let at = 0; at < width; at++) {
        const value = rows[row * width + at] ?? 0;
        const off = value - (mean[at] ?? 0);
        square += value * value;
        apart += off * off;
      }
      norms[first + row] = Math.sqrt(square);
      distances[first + row] = Math.sqrt(apart);
    }
  }
  return { norms, distances };
}

/**
 * σ((τ − d) / s) of a token's distance d (research of the project, loss.md §3.4): τ is the 2 % quantile over tokens not known to be
 * untrained, s the distance from τ down to the quantile of half of that.
 */
export function trainedOf(norms: Float32Array, distances: Float32Array, untrained: ReadonlySet<number>): Trained {
  const sorted = distances.filter((_, id) => !untrained.has(id)).sort();
  const quantile = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
  const threshold = quantile(LOWEST);
  const spread = Math.max(threshold - quantile(LOWEST / 2), threshold * 1e-3, Number.MIN_VALUE);
  return {
    ...{ norms, distances, threshold, untrainedRows: untrained.size },
    underTrained: (id) => {
      const distance = distances[id];
      return distance === undefined ? null : 1 / (1 + Math.exp((distance - threshold) / spread));
    },
  };
}

async function recall(path: string): Promise<{ norms: Float32Array; distances: Float32Array } | null> {
  const bytes = await readFile(path).catch(() => null);
  if (bytes === null || bytes.length % 8 !== 0) return null;
  const all = new Float32Array(new Uint8Array(bytes).buffer);
  return { norms: all.slice(0, all.length / 2), distances: all.slice(all.length / 2) };
}

async function keep(folder: string, path: string, norms: Float32Array, distances: Float32Array): Promise<void> {
  // What cannot be kept is read again the next time.
  const fresh = `${path}.${randomUUID()}`;
  const bytes = Buffer.concat([Buffer.from(norms.buffer), Buffer.from(distances.buffer)]);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(fresh, bytes);
    await rename(fresh, path);
  } catch {
    return;
  }
}
