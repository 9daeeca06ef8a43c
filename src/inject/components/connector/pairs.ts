import { createReadStream } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { throwIfCancelled } from '#kit/abort.ts';
import { unusable } from '../vectors.ts';
import { denseOf } from './dense.ts';
import type { Pairs } from './fit.ts';
import type { Rows } from './npy.ts';
import { readVectors } from './vectors-file.ts';

/** A line of a file of pairs: an encoder's rows for something, here or in a file, and the words for it. */
const Line = z.object({
  vectors: z.union([z.string(), z.array(z.number()), z.array(z.array(z.number()))]),
  text: z.string().min(1),
});

const MOST_NUMBERS = 100_000_000;
const LONGEST_LINE = 8 * 1024 * 1024;

/**
 * Reads pairs to fit a connector on, a JSON object a line: `{"vectors": [[0.1, …], …], "text": "…"}` or `{"vectors": "file.npy", …}`, paths
 * from the file's folder. One row stands for the whole text; as many rows as tokens stand for a token each; any other number is
 * cut evenly into as many stretches as there are tokens, and their means are taken. Throws `inject.component-unusable` and names the line.
 */
export async function readPairs(
  path: string,
  tokenize: (text: string, signal: AbortSignal) => Promise<readonly number[]>,
  signal: AbortSignal,
): Promise<Pairs> {
  const rows: Float32Array[] = [];
  const units: (readonly number[])[] = [];
  let columns: number | null = null;
  let line = 0;
  for await (const text of linesOf(path)) {
    line += 1;
    throwIfCancelled(signal);
    if (text.trim() === '') continue;
    const wrong = (why: string, cause?: unknown) =>
      unusable(
        `${path}, line ${line}`,
        why,
        'Each line is {"vectors": rows or a file, "text": "the words for it"}.',
        cause,
      );
    if (text.length > LONGEST_LINE) throw wrong('the line is too long; put its vectors into a file.');
    const pair = Line.safeParse(parsed(text));
    if (!pair.success) throw wrong('it is not a pair.', pair.error);
    const read = await rowsOf(pair.data.vectors, dirname(path), wrong);
    columns ??= read.columns;
    if (read.columns !== columns || columns === 0)
      throw wrong(`its rows have ${read.columns} numbers, others ${columns}.`);
    if (read.values.some((value) => !Number.isFinite(value))) throw wrong('a number in its vectors is not finite.');
    const tokens = await tokenize(pair.data.text, signal);
    if (tokens.length === 0) throw wrong('the model has no token for its text.');
    for (const [row, unit] of alignedTo(read, tokens)) {
      rows.push(row);
      units.push(unit);
    }
    if (rows.length * columns > MOST_NUMBERS) throw wrong(`more than ${MOST_NUMBERS} numbers are not fitted on.`);
  }
  const width = columns ?? 0;
  const values = new Float32Array(rows.length * width);
  rows.forEach((one, at) => void values.set(one, at * width));
  return { inputs: denseOf(values, width), units };
}

/** Rows with the tokens each stands for. */
function alignedTo({ columns, values }: Rows, tokens: readonly number[]): [Float32Array, readonly number[]][] {
  const count = values.length / columns;
  if (count === 1) return [[values, tokens]];
  const parts = Math.min(count, tokens.length);
  return Array.from({ length: parts }, (_, part) => {
    const cut = (all: number, at: number) => Math.floor((at * all) / parts);
    const [from, to] = [cut(count, part), cut(count, part + 1)];
    return [meanOf(values, columns, from, to), tokens.slice(cut(tokens.length, part), cut(tokens.length, part + 1))];
  });
}

function meanOf(values: Float32Array, columns: number, from: number, to: number): Float32Array {
  return Float32Array.from({ length: columns }, (_, column) => {
    let sum = 0;
    for (let row = from; row < to; row++) sum += values[row * columns + column] ?? 0;
    return sum / (to - from);
  });
}

async function rowsOf(
  vectors: z.infer<typeof Line>['vectors'],
  folder: string,
  wrong: (why: string) => Error,
): Promise<Rows> {
  if (typeof vectors === 'string') return readVectors(resolve(folder, vectors));
  const rows = vectors.map((one) => (typeof one === 'number' ? null : one)).filter((one) => one !== null);
  if (rows.length === 0) return { columns: vectors.length, values: Float32Array.from(vectors as number[]) };
  const columns = rows[0]?.length ?? 0;
  if (rows.some((row) => row.length !== columns)) throw wrong('its rows are not of one length.');
  return { columns, values: Float32Array.from(rows.flat()) };
}

async function* linesOf(path: string): AsyncGenerator<string> {
  try {
    yield* createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY });
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === undefined
      ? error
      : unusable(path, 'it cannot be read.', 'Check the path.', error);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
