import { SensoriumError } from '#contract/error.ts';
import type { Peer } from '#upstream/errors.ts';
import { normalised } from '../../vector.ts';
import type { Told } from './wire.ts';

const MOST_DIMENSIONS = 16_384;

/**
 * The vectors of an answer in the order of what was sent, each of length 1. Throws `embed.upstream-failed` for one too few or too many, a
 * place twice, a length that is not `dimensions` (or not everybody’s, where that is not known yet), a number that is none, and zeros.
 */
export function vectorsOf(told: Told, count: number, dimensions: number | null, peer: Peer): Float32Array[] {
  const { vectors } = told;
  if (vectors.length !== count) throw odd(peer, `${vectors.length} vectors for ${count} inputs`);
  const placed = new Array<Float32Array | undefined>(count).fill(undefined);
  for (const [at, { index, vector }] of vectors.entries()) {
    const place = index ?? at;
    if (!Number.isInteger(place) || place < 0 || place >= count || placed[place]) {
      throw odd(peer, `vectors in places that do not fit (${place})`);
    }
    placed[place] = numbersIn(vector, peer);
  }
  const whole = placed.flatMap((vector) => vector ?? []);
  const length = dimensions ?? whole[0]?.length ?? 0;
  for (const vector of whole) {
    if (vector.length !== length) throw odd(peer, `a vector of ${vector.length} numbers where ${length} were expected`);
  }
  return whole;
}

function numbersIn(value: unknown, peer: Peer): Float32Array {
  const numbers = typeof value === 'string' ? fromBase64(value) : Array.isArray(value) ? fromList(value) : null;
  if (!numbers || numbers.length === 0 || numbers.length > MOST_DIMENSIONS)
    throw odd(peer, 'something that is no vector');
  if (!numbers.every(Number.isFinite)) throw odd(peer, 'a vector with something that is no number');
  const unit = normalised(numbers);
  if (unit.every((number) => number === 0)) throw odd(peer, 'a vector of zeros');
  return unit;
}

function fromList(list: readonly unknown[]): Float32Array | null {
  if (list.length > MOST_DIMENSIONS) return null;
  return list.every((value) => typeof value === 'number') ? Float32Array.from(list) : null;
}

/** Little-endian float32, as OpenAI’s `encoding_format: "base64"` has it. */
function fromBase64(text: string): Float32Array | null {
  if (text.length > MOST_DIMENSIONS * 6 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return null;
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length % 4 !== 0) return null;
  return Float32Array.from({ length: bytes.length / 4 }, (_, at) => bytes.readFloatLE(at * 4));
}

/** The error of an answer that is not what was asked for. */
export function odd({ host, model }: Peer, what: string): SensoriumError {
  return new SensoriumError('embed.upstream-failed', `${host} answered with ${what}.`, {
    hint: 'Is the base URL that of a server with embeddings, and is the model an embedding model?',
    details: { host, model },
  });
}
