import { HEARING_RATE_HZ, type MediaPart, type Sound } from '#contract/media.ts';
import type { CallContext, EmbeddableMedium } from '#contract/ports.ts';
import { throwIfCancelled } from '#kit/abort.ts';
import { takeMedia } from '#media/index.ts';
import { framesOf } from '#native/index.ts';
import { decodePicture } from '#runtime/pixels/picture.ts';
import type { Parts } from '../parts.ts';
import type { Ground } from './ground.ts';
import type { ShelfFile } from './records.ts';
import type { OpenSpace } from './spaces.ts';

type MediaSpace = Extract<OpenSpace, { kind: 'media' }>;

/** A medium, or a stretch of it, in a space of pictures or sounds. */
export interface PlacedMedium {
  readonly vector: Float32Array;
  readonly fromMs: number | null;
  readonly toMs: number | null;
}

/** CLAP was trained on clips of ten seconds (LAION-CLAP, arXiv 2211.06687 §3); of a longer one it hears a part. */
const WINDOW_MS = 10_000;
/** A shorter rest at the end of a recording gets no place of its own. */
const LEAST_MS = 1_000;
/** Frames of one video that are looked at. */
const MOST_FRAMES = 16;
const AT_ONCE = 4;
const MOST_PIXELS = 100e6;

/** Gives a picture one place, a recording one for every ten seconds, a video both: for frames of it and for its sound. */
export async function placeMedium(
  file: ShelfFile,
  space: MediaSpace,
  { parts, media }: Pick<Ground, 'parts' | 'media'>,
  context: CallContext,
): Promise<PlacedMedium[]> {
  if (file.kind === 'text' || file.kind === 'document') return [];
  const taken = await takeMedia(media.inputOf(file), { part: 'part-1', ...parts.taking, ...context });
  try {
    const seen = space.takes.has('image') ? await placePictures(taken, space, parts, context) : [];
    const heard = space.takes.has('audio') && taken.sound ? await placeSound(taken.sound, space, context) : [];
    return [...seen, ...heard];
  } finally {
    await taken.close();
  }
}

/** A query's own medium as one vector of this space: of a recording its first ten seconds. `null` where the space has no place for it. */
export async function vectorOfMedium(
  part: MediaPart,
  space: MediaSpace,
  parts: Pick<Parts, 'taking'>,
  context: CallContext,
): Promise<Float32Array | null> {
  if (part.media.kind === 'image' && space.takes.has('image')) {
    const [vector] = await space.embedder.media([await pictureOf(part, parts, context)], context);
    return vector ?? null;
  }
  if (!part.sound || !space.takes.has('audio')) return null;
  for await (const { sound } of windowsOf(part.sound, context.signal)) {
    const [vector] = await space.embedder.media([{ part: part.media.part, sound }], context);
    return vector ?? null;
  }
  return null;
}

async function placePictures(
  part: MediaPart,
  { embedder }: MediaSpace,
  parts: Pick<Parts, 'taking'>,
  context: CallContext,
): Promise<PlacedMedium[]> {
  if (part.media.kind === 'image') {
    const [vector] = await embedder.media([await pictureOf(part, parts, context)], context);
    return vector ? [{ vector, fromMs: null, toMs: null }] : [];
  }
  if (part.media.kind !== 'video') return [];
  const frames = await framesOf(part, { maxFrames: MOST_FRAMES, limits: undefined, accepts: () => true }, context);
  try {
    const placed: PlacedMedium[] = [];
    for (const { part: frame, atMs } of frames) {
      throwIfCancelled(context.signal);
      const [vector] = await embedder.media([await pictureOf(frame, parts, context)], context);
      if (vector) placed.push({ vector, fromMs: atMs, toMs: atMs });
    }
    return placed;
  } finally {
    await Promise.allSettled(frames.map(({ part: frame }) => frame.close()));
  }
}

async function placeSound(sound: Sound, { embedder }: MediaSpace, context: CallContext): Promise<PlacedMedium[]> {
  const placed: PlacedMedium[] = [];
  let lot: Window[] = [];
  const place = async () => {
    const vectors = await embedder.media(
      lot.map((window): EmbeddableMedium => ({ part: 'part-1', sound: window.sound })),
      context,
    );
    for (const [at, vector] of vectors.entries()) {
      const window = lot[at];
      if (window) placed.push({ vector, fromMs: window.fromMs, toMs: window.toMs });
    }
    lot = [];
  };
  for await (const window of windowsOf(sound, context.signal)) {
    lot.push(window);
    if (lot.length === AT_ONCE) await place();
  }
  if (lot.length > 0) await place();
  return placed;
}

async function pictureOf(part: MediaPart, { taking }: Pick<Parts, 'taking'>, { signal }: CallContext) {
  const limits = { maxPixels: taking.limits?.maxPixels ?? MOST_PIXELS, signal };
  const picture = await decodePicture(await part.bytes(), limits);
  return { part: part.media.part, pixels: await picture.pixels() };
}

interface Window {
  readonly sound: Sound;
  readonly fromMs: number;
  readonly toMs: number;
}

/** A recording in stretches of ten seconds, decoded once. */
async function* windowsOf(sound: Sound, signal: AbortSignal): AsyncGenerator<Window> {
  const length = (WINDOW_MS * HEARING_RATE_HZ) / 1_000;
  let samples = new Float32Array(length);
  let used = 0;
  let fromMs = 0;
  const window = (): Window => {
    const own = samples.subarray(0, used);
    const toMs = fromMs + Math.round((used * 1_000) / HEARING_RATE_HZ);
    return { sound: soundOf(own), fromMs, toMs };
  };
  for await (const piece of sound.pcm(signal)) {
    for (let at = 0; at < piece.length; ) {
      const more = piece.subarray(at, at + length - used);
      samples.set(more, used);
      used += more.length;
      at += more.length;
      if (used < length) continue;
      yield window();
      samples = new Float32Array(length);
      used = 0;
      fromMs += WINDOW_MS;
    }
  }
  if (used >= (LEAST_MS * HEARING_RATE_HZ) / 1_000 || (fromMs === 0 && used > 0)) yield window();
}

function soundOf(samples: Float32Array): Sound {
  return {
    sampleRateHz: HEARING_RATE_HZ,
    async *pcm() {
      yield samples;
    },
  };
}
