import type { Pixels } from '#contract/media.ts';
import { throwIfCancelled } from '#kit/abort.ts';
import { type Spelled, spell } from './ctc.ts';
import type { Network } from './detect.ts';
import { blanksIn, inkOf } from './ink.ts';
import { planesOf } from './strip.ts';

/** The height of every strip the network takes, and the width that one of its steps stands for. */
export const STRIP_PX = 48;
export const STEP_PX = 8;

const NORMAL = { mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5] };
/** A longer strip is cut where nothing is drawn, in the last third before this. */
const LONGEST_PX = 1_200;
const MOST_AT_ONCE = 8;
const MOST_PIXELS_AT_ONCE = 4_800;

/** A character and where it stands in its strip: the middle of its peak, in pixels from the left. */
export interface Placed extends Spelled {
  readonly x: number;
}

/** Reads strips of writing, each `STRIP_PX` high, several at once. */
export async function recognise(
  strips: readonly Pixels[],
  network: Network,
  alphabet: readonly string[],
  signal: AbortSignal,
): Promise<readonly (readonly Placed[])[]> {
  const read: Placed[][] = strips.map(() => []);
  const pieces = strips
    .flatMap((strip, of) => piecesOf(strip).map((piece) => ({ ...piece, of })))
    .sort((a, b) => a.strip.widthPx - b.strip.widthPx);
  while (pieces.length > 0) {
    throwIfCancelled(signal);
    const widest = pieces.at(-1)?.strip.widthPx ?? 1;
    const count = Math.min(MOST_AT_ONCE, Math.max(1, Math.floor(MOST_PIXELS_AT_ONCE / widest)));
    const batch = pieces.splice(-count);
    const spelled = await readBatch(
      batch.map((piece) => piece.strip),
      network,
      alphabet,
    );
    for (const [at, { of, from }] of batch.entries()) {
      const placed = (spelled[at] ?? []).map((one) => ({ ...one, x: from + (one.step + 0.5) * STEP_PX }));
      read[of]?.push(...placed);
    }
  }
  for (const line of read) line.sort((a, b) => a.x - b.x);
  return read;
}

async function readBatch(
  strips: readonly Pixels[],
  { session, Tensor: OnnxTensor }: Network,
  alphabet: readonly string[],
): Promise<Spelled[][]> {
  const width = Math.ceil(Math.max(...strips.map((strip) => strip.widthPx)) / STEP_PX) * STEP_PX;
  const size = 3 * STRIP_PX * width;
  const data = new Float32Array(strips.length * size);
  for (const [at, strip] of strips.entries()) planesOf(strip, NORMAL, { data, at: at * size, rowLength: width });
  const input = new OnnxTensor('float32', data, [strips.length, 3, STRIP_PX, width]);
  const output = await session.run({ [session.inputNames[0] ?? '']: input });
  const answer = output[session.outputNames[0] ?? ''];
  const [, steps = 0, classes = 0] = answer?.dims ?? [];
  const rows = answer?.data as Float32Array;
  return strips.map((_, at) =>
    spell(rows.subarray(at * steps * classes, (at + 1) * steps * classes), classes, alphabet),
  );
}

function piecesOf(strip: Pixels): { strip: Pixels; from: number }[] {
  if (strip.widthPx <= LONGEST_PX) return [{ strip, from: 0 }];
  const { columns } = inkOf(strip);
  const cuts = [0];
  for (let from = 0; strip.widthPx - from > LONGEST_PX; from = cuts.at(-1) ?? 0) {
    const start = from + Math.round((LONGEST_PX * 2) / 3);
    const gaps = blanksIn(columns.subarray(start, from + LONGEST_PX), 0.02);
    const widest = gaps.sort((a, b) => b[1] - b[0] - (a[1] - a[0]))[0];
    cuts.push(widest ? start + ((widest[0] + widest[1]) >> 1) : from + LONGEST_PX);
  }
  return cuts.map((from, at) => ({ strip: columnsOf(strip, from, cuts[at + 1] ?? strip.widthPx), from }));
}

/** The columns of a strip from `from` up to, and not with, `to`. */
function columnsOf({ widthPx, heightPx, rgb }: Pixels, from: number, to: number): Pixels {
  const width = to - from;
  const out = new Uint8Array(width * heightPx * 3);
  for (let y = 0; y < heightPx; y += 1) {
    out.set(rgb.subarray((y * widthPx + from) * 3, (y * widthPx + to) * 3), y * width * 3);
  }
  return { widthPx: width, heightPx, rgb: out };
}
