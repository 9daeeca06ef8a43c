import { centred, cosine, type Dense, dense, denseOf, dot, length, row, times } from './dense.ts';
import { type RandomFeatures, randomFeatures } from './random-features.ts';

/** A line through both means: (x − input mean) · weights + target mean. */
export interface LinearMap {
  readonly inputMean: Float64Array;
  readonly targetMean: Float64Array;
  readonly weights: Dense;
}

/**
 * How vectors of an encoder become vectors of a language model. `regress`: where the line leads, its length brought to the mean length of
 * own rows. `mixture`: of the `top` own rows that lie nearest to where the line leads, weighted by exp(cosine / `temperature`), so
 * that what comes out lies among the model's own rows. `classify`: the line scores units of tokens seen in fitting, the best one is
 * looked up in the model's own table (research/embedding-route.md §2.3: it beats regressing).
 */
export type Connector =
  | { readonly kind: 'regress'; readonly map: LinearMap; readonly norm: number }
  | {
      readonly kind: 'mixture';
      readonly map: LinearMap;
      readonly candidates: readonly number[];
      readonly top: number;
      readonly temperature: number;
    }
  | {
      readonly kind: 'classify';
      readonly map: LinearMap;
      readonly features: RandomFeatures | null;
      readonly units: readonly (readonly number[])[];
    };

/** Own rows of tokens, one after the other, as they go into the model raw. */
export type OwnRows = (tokens: readonly number[]) => Promise<Float32Array>;

/** Maps encoder rows. `candidates` are the own rows of a mixture's candidates (`candidateRows`); other kinds need none. */
export async function applyConnector(
  connector: Connector,
  inputs: Dense,
  own: OwnRows,
  candidates: Candidates | null,
): Promise<Float32Array> {
  if (connector.kind === 'classify')
    return own(unitsOf(connector, inputs).flatMap((one) => connector.units[one] ?? []));
  const mapped = along(connector.map, inputs);
  if (connector.kind === 'regress') return Float32Array.from(atLength(mapped, connector.norm).values);
  if (candidates === null) throw new RangeError('a mixture needs the rows of its candidates');
  return Float32Array.from(mixed(neighbours(candidates, mapped, connector.top), candidates, connector).values);
}

/** The likeliest unit of each row, by its number. */
export function unitsOf({ map, features }: Connector & { kind: 'classify' }, inputs: Dense): number[] {
  const scored = along(map, features ? randomFeatures(features, inputs) : inputs);
  return Array.from({ length: scored.rows }, (_, at) => largest(row(scored, at)));
}

/** Where the line leads each row. */
export function along({ inputMean, targetMean, weights }: LinearMap, inputs: Dense): Dense {
  const out = times(centred(inputs, inputMean), weights);
  return { ...out, values: out.values.map((value, at) => value + (targetMean[at % out.columns] ?? 0)) };
}

/** Own rows as a mixture compares them: with the mean of all taken off, and their length. */
export interface Candidates {
  readonly rows: Dense;
  readonly mean: Float64Array;
  readonly away: Dense;
  readonly norms: Float64Array;
}

export function candidatesOf(values: Float32Array, width: number, mean: Float64Array): Candidates {
  const rows = denseOf(values, width);
  const away = centred(rows, mean);
  return { rows, mean, away, norms: Float64Array.from({ length: rows.rows }, (_, at) => length(row(away, at))) };
}

/** The candidates nearest to a row, nearest first, with their cosines. */
export type Neighbours = readonly { readonly place: number; readonly cosine: number }[];

/** The nearest `top` candidates of each row, by the cosine of both with the mean taken off. */
export function neighbours({ away, norms, mean }: Candidates, mapped: Dense, top: number): Neighbours[] {
  const rows = centred(mapped, mean);
  return Array.from({ length: rows.rows }, (_, at) => {
    const one = row(rows, at);
    const norm = length(one);
    const cosines = new Float64Array(away.rows);
    for (let place = 0; place < away.rows; place++) {
      const both = norm * (norms[place] ?? 0);
      cosines[place] = both === 0 ? 0 : dot(one, row(away, place)) / both;
    }
    return nearest(cosines, top).map((place) => ({ place, cosine: cosines[place] ?? 0 }));
  });
}

/** For each row the mean of its nearest candidates, nearer ones counting more, as long as they are in the mean. */
export function mixed(
  near: readonly Neighbours[],
  { rows }: Candidates,
  { top, temperature }: { readonly top: number; readonly temperature: number },
): Dense {
  return dense(near.length, rows.columns, (into) => {
    for (const [at, all] of near.entries()) {
      const some = all.slice(0, top);
      const weights = some.map(({ cosine }) => Math.exp((cosine - (some[0]?.cosine ?? 0)) / temperature));
      const sum = weights.reduce((total, one) => total + one, 0);
      const out = into.subarray(at * rows.columns, (at + 1) * rows.columns);
      let wanted = 0;
      for (const [index, { place }] of some.entries()) {
        const share = (weights[index] ?? 0) / sum;
        wanted += share * length(row(rows, place));
        row(rows, place).forEach((value, column) => {
          out[column] = (out[column] ?? 0) + share * value;
        });
      }
      // A mean is shorter than what it is made of, and some models read short rows as noise (SmolLM2: own rows × 0.25).
      const norm = length(out);
      if (norm > 0) out.forEach((value, column) => void out.fill((value * wanted) / norm, column, column + 1));
    }
  });
}

/** The places of the largest numbers, largest first. */
function nearest(values: Float64Array, top: number): number[] {
  const best: number[] = [];
  values.forEach((value, place) => {
    if (best.length === top && value <= (values[best[top - 1] ?? 0] ?? 0)) return;
    const at = best.findIndex((other) => (values[other] ?? 0) < value);
    best.splice(at < 0 ? best.length : at, 0, place);
    if (best.length > top) best.pop();
  });
  return best;
}

/** Each row brought to this length; a row of zeros stays one. */
export function atLength(matrix: Dense, wanted: number): Dense {
  return dense(matrix.rows, matrix.columns, (into) => {
    for (let at = 0; at < matrix.rows; at++) {
      const one = row(matrix, at);
      const norm = length(one);
      into.set(norm === 0 ? one : one.map((value) => (value * wanted) / norm), at * matrix.columns);
    }
  });
}

/** The mean cosine of rows to the rows they should be, with a mean taken off. */
export function meanCosine(made: Dense, wanted: Dense, mean: Float64Array): number {
  const [one, other] = [centred(made, mean), centred(wanted, mean)];
  let sum = 0;
  for (let at = 0; at < made.rows; at++) sum += cosine(row(one, at), row(other, at));
  return made.rows === 0 ? 0 : sum / made.rows;
}

function largest(values: Float64Array): number {
  return values.reduce((best, value, at) => (value > (values[best] ?? 0) ? at : best), 0);
}
