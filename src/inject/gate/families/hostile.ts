import { randomFrom } from '#score/index.ts';
import { eachRow, type Family, gaussianOf, normOf, rowsOf, sample, shuffled } from './table.ts';

/** Every token has another’s row: what a component made for another tokenizer gives. */
const permutedVocabulary: Family = async (own, seed) => {
  const order = shuffled(own.vocabulary, randomFrom(seed));
  return ({ tokens }) => own.rows(tokens.map((token) => order[token] ?? 0));
};

/** The row of a token some places on: a vocabulary with a few tokens added in front. */
const offByTokens: Family =
  async (own, seed) =>
  ({ tokens }) =>
    own.rows(tokens.map((token) => (token + seed) % own.vocabulary));

/** The whole table turned: signs flipped, blocks of Hadamard, coordinates permuted, three times, which mixes every coordinate with every other. */
const rotatedTable: Family = async (own, seed) => {
  const random = randomFrom(seed);
  const rounds = Array.from({ length: 3 }, () => ({
    order: shuffled(own.width, random),
    signs: Float32Array.from({ length: own.width }, () => (random() < 0.5 ? -1 : 1)),
  }));
  return async ({ tokens }) =>
    eachRow(Float32Array.from(await own.rows(tokens)), own.width, (row) => {
      for (const { order, signs } of rounds) {
        const turned = Float32Array.from(order, (from, at) => (row[from] as number) * (signs[at] as number));
        for (let start = 0; start < turned.length; ) {
          const length = 2 ** Math.floor(Math.log2(turned.length - start));
          hadamard(turned.subarray(start, start + length));
          start += length;
        }
        row.set(turned);
      }
    });
};

function hadamard(block: Float32Array): void {
  for (let half = 1; half < block.length; half *= 2) {
    for (let start = 0; start < block.length; start += 2 * half) {
      for (let at = start; at < start + half; at++) {
        const [a, b] = [block[at] as number, block[at + half] as number];
        block[at] = (a + b) * Math.SQRT1_2;
        block[at + half] = (a - b) * Math.SQRT1_2;
      }
    }
  }
}

/** Coordinates in another order, the same for all rows: a projector saved with its channels permuted. */
const shuffledChannels: Family = async (own, seed) => {
  const order = shuffled(own.width, randomFrom(seed));
  return async ({ tokens }) =>
    eachRow(Float32Array.from(await own.rows(tokens)), own.width, (row) => {
      row.set(Float32Array.from(order, (from) => row[from] as number));
    });
};

/** Another model’s rows for the same token numbers, cut or repeated to the width and brought to the length of own rows. */
const foreignTable: Family = async (own, seed, foreign) => {
  if (foreign === null) throw new RangeError('There is no other model to take a table from.');
  const random = randomFrom(seed);
  const from = Math.floor(random() * foreign.width);
  const typical = await sample(own, 64, random);
  const length = rowsOf(typical, own.width).reduce((sum, row) => sum + normOf(row), 0) / 64;
  return async ({ tokens }) => {
    const there = await foreign.rows(tokens.map((token) => token % foreign.vocabulary));
    return eachRow(new Float32Array(tokens.length * own.width), own.width, (row, at) => {
      for (let channel = 0; channel < own.width; channel++)
        row[channel] = there[at * foreign.width + ((from + channel) % foreign.width)] as number;
      const norm = normOf(row) || 1;
      for (let channel = 0; channel < own.width; channel++) row[channel] = ((row[channel] as number) / norm) * length;
    });
  };
};

/** Random rows with the mean and the spread of each coordinate as the table has them. */
const gaussianRows: Family = async (own, seed) => {
  const random = randomFrom(seed);
  const gaussian = gaussianOf(random);
  const rows = rowsOf(await sample(own, 256, random), own.width);
  const mean = Float32Array.from(
    { length: own.width },
    (_, at) => rows.reduce((sum, row) => sum + (row[at] as number), 0) / rows.length,
  );
  const spread = mean.map((centre, at) =>
    Math.sqrt(rows.reduce((sum, row) => sum + ((row[at] as number) - centre) ** 2, 0) / rows.length),
  );
  return async ({ tokens }) =>
    eachRow(new Float32Array(tokens.length * own.width), own.width, (row) => {
      for (let at = 0; at < own.width; at++) row[at] = (mean[at] as number) + (spread[at] as number) * gaussian();
    });
};

/** The vectors of another item: files mixed up on the way. */
const shuffledItems: Family = async (own, seed) => {
  const orders = new Map<number, Int32Array>();
  return ({ at, items }) => {
    const order = orders.get(items.length) ?? shuffled(items.length, randomFrom(seed));
    orders.set(items.length, order);
    // In a round along the shuffled order nobody keeps their own.
    const place = order.indexOf(at);
    return own.rows(items[order[(place + 1) % items.length] as number] as readonly number[]);
  };
};

/** A linear map from a code of each token to its row, fitted on tokens that do not occur: it learned, but nothing of these. */
const fittedOnOthers: Family = async (own, seed) => {
  const random = randomFrom(seed);
  const gaussian = gaussianOf(random);
  const size = 32;
  const fitted = Array.from({ length: 4 * size }, () => Math.floor(random() * own.vocabulary));
  const codes = new Map<number, Float32Array>();
  const codeOf = (token: number) => {
    const known = codes.get(token) ?? Float32Array.from({ length: size }, gaussian);
    codes.set(token, known);
    return known;
  };
  const rows = rowsOf(await own.rows(fitted), own.width);
  // Codes are nearly orthogonal, so the least-squares map is their correlation with the rows.
  const map = Array.from({ length: size }, (_, feature) => {
    const column = new Float32Array(own.width);
    fitted.forEach((token, at) => {
      const weight = (codeOf(token)[feature] as number) / fitted.length;
      for (let channel = 0; channel < own.width; channel++)
        column[channel] = (column[channel] as number) + weight * (rows[at]?.[channel] ?? 0);
    });
    return column;
  });
  const seen = new Set(fitted);
  return async ({ tokens }) =>
    eachRow(new Float32Array(tokens.length * own.width), own.width, (row, at) => {
      const token = tokens[at] ?? 0;
      const code = seen.has(token) ? Float32Array.from({ length: size }, gaussian) : codeOf(token);
      code.forEach((value, feature) => {
        for (let channel = 0; channel < own.width; channel++)
          row[channel] = (row[channel] as number) + value * (map[feature]?.[channel] ?? 0);
      });
    });
};

/** Numbers written column by column and read row by row. */
const transposed: Family =
  async (own, seed) =>
  async ({ tokens }) => {
    const values = await own.rows(tokens);
    const out = new Float32Array(values.length);
    for (let at = 0; at < values.length; at++) {
      const [row, channel] = [at % tokens.length, Math.floor(at / tokens.length)];
      out[(at + seed) % out.length] = values[row * own.width + channel] as number;
    }
    return out;
  };

/** One row for every token, whatever it is: a collapsed encoder. */
const constantRow: Family = async (own, seed) => {
  const rows = await sample(own, 1, randomFrom(seed));
  return async ({ tokens }) => eachRow(new Float32Array(tokens.length * own.width), own.width, (row) => row.set(rows));
};

/** Vectors no model can understand. Each must be refused, by what the model does alone. */
export const HOSTILE: Readonly<Record<string, Family>> = {
  permutedVocabulary,
  offByTokens,
  rotatedTable,
  shuffledChannels,
  foreignTable,
  gaussianRows,
  shuffledItems,
  fittedOnOthers,
  transposed,
  constantRow,
};
