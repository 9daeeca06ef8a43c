import { createHash } from 'node:crypto';

/** What may be wrong with vectors, at every server that gives some. */
export const VECTOR_CASES: Readonly<Record<string, string>> = {
  shuffled: 'E1: vectors in another order, each with its place',
  'no-places': 'E1: vectors without a place, in the order of the inputs',
  'twice-one-place': 'E1: two vectors for one place',
  'one-too-few': 'E2: a vector is missing',
  'not-a-number': 'E3: a vector with null in it',
  zeros: 'E3: a vector of zeros',
  'other-length': 'E4: one vector is shorter than the others',
  'as-base64': 'E5: base64 though numbers were asked for',
  'no-usage': 'E6: nothing is said about tokens',
};

/** The same input has the same vector, not of length 1: a client makes it so. */
export function vectorFor(input: string | Uint8Array, dimensions: number): number[] {
  const seed = createHash('sha256').update(input).digest();
  return Array.from({ length: dimensions }, (_, at) => {
    const digest = createHash('sha256').update(seed).update(String(at)).digest();
    return digest.readInt16LE(0) / 8_192;
  });
}

export interface Entry {
  readonly index?: number;
  readonly embedding: unknown;
}

/** What a server answers in a case: its good entries, spoilt. */
export function spoilt(play: string, vectors: readonly (readonly number[])[]): Entry[] {
  const good: Entry[] = vectors.map((embedding, index) => ({ index, embedding }));
  const withFirst = (embedding: unknown): Entry[] => [{ index: 0, embedding }, ...good.slice(1)];
  const [first = []] = vectors;
  switch (play) {
    case 'shuffled':
      return good.reverse();
    case 'no-places':
      return vectors.map((embedding) => ({ embedding }));
    case 'twice-one-place':
      return good.map(({ embedding }) => ({ index: 0, embedding }));
    case 'one-too-few':
      return good.slice(1);
    case 'not-a-number':
      return withFirst([null, ...first.slice(1)]);
    case 'zeros':
      return withFirst(first.map(() => 0));
    case 'other-length':
      return withFirst(first.slice(1));
    case 'as-base64':
      return good.map(({ index, embedding }) => ({ index: index ?? 0, embedding: base64Of(embedding as number[]) }));
    default:
      return good;
  }
}

function base64Of(vector: readonly number[]): string {
  const bytes = Buffer.alloc(vector.length * 4);
  for (const [at, value] of vector.entries()) bytes.writeFloatLE(value, at * 4);
  return bytes.toString('base64');
}
