import type { StoredItem } from '#contract/vector-store.ts';
import { randomFrom } from '#score/index.ts';

/** Vectors that lie in clusters, as embeddings do. */
export interface VectorSource {
  /** Of length 1. Its cluster is known, for filters that go with what is near. */
  next(): { readonly vector: Float32Array; readonly cluster: number };
}

export const CLUSTERS = 1_000;
/** The length of the noise around a centre of length 1, so two of one cluster have a cosine of about 0.67. */
const NOISE = 0.7;

/**
 * Seeded vectors: 1,000 centres all over the sphere, each vector a centre and normal noise in every dimension, made length 1. The
 * density of clusters falls: a centre is drawn with the square of an even number, so the first tenth of them has a third of the vectors.
 * Noise in every dimension is harder for an index than real embeddings, whose noise lies in fewer.
 */
export function clusteredVectors(dimensions: number, seed: number): VectorSource {
  const even = randomFrom(seed);
  let spare: number | undefined;
  const normal = () => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - even()));
    const angle = 2 * Math.PI * even();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
  const centres = Array.from({ length: CLUSTERS }, () => toLengthOne(new Float32Array(dimensions).map(normal)));
  const scale = NOISE / Math.sqrt(dimensions);
  return {
    next() {
      const cluster = Math.floor(even() ** 2 * CLUSTERS);
      const centre = centres[cluster];
      return {
        vector: toLengthOne(new Float32Array(dimensions).map((_, at) => (centre?.[at] ?? 0) + scale * normal())),
        cluster,
      };
    },
  };
}

function toLengthOne(vector: Float32Array): Float32Array {
  const length = Math.sqrt(dot(vector, vector));
  return vector.map((value) => value / length);
}

/** The sum of products: the cosine of vectors of length 1. */
export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at += 1) sum += (a[at] ?? 0) * (b[at] ?? 0);
  return sum;
}

export interface MadeItem {
  readonly item: StoredItem;
  readonly vector: Float32Array;
}

/**
 * So many items with some 120 characters of text and attributes to filter by: `tenth`, `hundredth` and `thousandth` are true for that share
 * by lot, and `near` for a tenth of the clusters, so that it goes with what the vectors mean.
 */
export function madeItems(count: number, source: VectorSource, seed: number): MadeItem[] {
  const lot = randomFrom(seed);
  return Array.from({ length: count }, (_, at) => {
    const { vector, cluster } = source.next();
    const attributes = {
      tenth: lot() < 0.1,
      hundredth: lot() < 0.01,
      thousandth: lot() < 0.001,
      near: cluster % 10 === 3,
      number: at,
    };
    const surrogate = `Item ${at} of cluster ${cluster}. `.padEnd(120, 'Some words that stand for it. ');
    const place = { tenant: 'tenant', store: `store ${at % 10}`, file: `file ${Math.floor(at / 20)}` };
    const item: StoredItem = {
      ...place,
      id: `item-${at}`,
      modality: 'text',
      sha256: at.toString(16).padStart(64, '0'),
      surrogate,
      fromMs: null,
      toMs: null,
      attributes,
    };
    return { item, vector };
  });
}
