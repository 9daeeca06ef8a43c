/** The vector with length 1; zeros stay zeros. Any vector in, a new one out. */
export function normalised(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return length === 0 ? vector.slice() : vector.map((value) => value / length);
}

/** The direction between vectors of one length: their mean with length 1. */
export function meanDirection(vectors: readonly Float32Array[]): Float32Array {
  const mean = new Float32Array(vectors[0]?.length ?? 0);
  for (const vector of vectors) {
    for (const [at, value] of vector.entries()) mean[at] = (mean[at] ?? 0) + value / vectors.length;
  }
  return normalised(mean);
}

/** The first `dimensions` numbers of a vector, with length 1 again. A vector that is no longer than that stays as it is. */
export function shortened(vector: Float32Array, dimensions: number): Float32Array {
  return dimensions >= vector.length ? vector : normalised(vector.subarray(0, dimensions));
}

/** The vector as base64 of little-endian float32, which is what `encoding_format: "base64"` of OpenAI's API means. */
export function toBase64(vector: Float32Array): string {
  const bytes = Buffer.alloc(vector.length * Float32Array.BYTES_PER_ELEMENT);
  for (const [at, value] of vector.entries()) bytes.writeFloatLE(value, at * Float32Array.BYTES_PER_ELEMENT);
  return bytes.toString('base64');
}
