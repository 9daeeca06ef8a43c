import type { Pixels } from '#contract/media.ts';
import type { loadOnnx } from '#runtime/onnx.ts';
import { boxesIn } from './boxes.ts';
import type { Rectangle } from './rectangle.ts';
import { lookAt, planesOf } from './strip.ts';

type Onnx = Awaited<ReturnType<typeof loadOnnx>>;

/** A model and how its input is made. */
export interface Network {
  readonly session: Awaited<ReturnType<Onnx['InferenceSession']['create']>>;
  readonly Tensor: Onnx['Tensor'];
}

/** Means and deviations of blue, green and red as the models were trained (PaddleOCR, `NormalizeImage`). */
const NORMAL = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] };
/** The network halves its input five times. */
const GRID = 32;
/** Writing that touches the edge is found when there is something beyond the edge. */
const PAD_PX = 16;
/** The longer side of the first look, and of a closer one. */
const FIRST_SIDE_PX = 1_024;
const CLOSEST_SIDE_PX = 2_560;
/** Lines lower than this in the map run together; a closer look makes the median line `WANTED_PX` high. */
const TOO_LOW_PX = 15;
const WANTED_PX = 24;
const MOST_ENLARGED = 3;

/** Boxes around the lines of writing in a picture, in its own pixels. Looks again, closer, where lines came out very low. */
export async function detect(picture: Pixels, network: Network): Promise<readonly Rectangle[]> {
  const longer = Math.max(picture.widthPx, picture.heightPx);
  const scale = Math.min(1, FIRST_SIDE_PX / longer);
  const first = await detectAt(picture, scale, network);
  const heights = first.map((box) => Math.min(box.width, box.height) * scale).sort((a, b) => a - b);
  const median = heights[heights.length >> 1];
  if (median === undefined || median >= TOO_LOW_PX) return first;
  const closer = Math.min((scale * WANTED_PX) / median, CLOSEST_SIDE_PX / longer, MOST_ENLARGED);
  return closer > scale * 1.1 ? detectAt(picture, closer, network) : first;
}

async function detectAt(
  picture: Pixels,
  scale: number,
  { session, Tensor: OnnxTensor }: Network,
): Promise<Rectangle[]> {
  const width = roundedUp(picture.widthPx * scale + 2 * PAD_PX);
  const height = roundedUp(picture.heightPx * scale + 2 * PAD_PX);
  const pad = PAD_PX / scale;
  const view = { origin: [-pad, -pad], along: [1 / scale, 0], across: [0, 1 / scale] } as const;
  const data = new Float32Array(3 * width * height);
  planesOf(lookAt(picture, view, width, height), NORMAL, { data, at: 0, rowLength: width });
  const input = new OnnxTensor('float32', data, [1, 3, height, width]);
  const output = await session.run({ [session.inputNames[0] ?? '']: input });
  const map = output[session.outputNames[0] ?? ''];
  return boxesIn({ width, height, probabilities: map?.data as Float32Array }).map(({ box }) => ({
    centre: [box.centre[0] / scale - pad, box.centre[1] / scale - pad],
    width: box.width / scale,
    height: box.height / scale,
    angle: box.angle,
  }));
}

function roundedUp(length: number): number {
  return Math.ceil(length / GRID) * GRID;
}
