import { open } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import { lossOf } from '#contract/loss.ts';
import { HEARING_RATE_HZ, type MediaKind, type MediaPart } from '#contract/media.ts';
import { textGiven } from '#contract/perception.ts';
import type { CallContext, ComponentInput, EmbeddingComponent, VectorModel } from '#contract/ports.ts';
import { hashFile } from '#kit/hash-file.ts';
import type { Encodable, EncodedPiece, ProjectorFacts } from '#runtime/libmtmd/projector.ts';
import { startProjector } from '#runtime/libmtmd/start.ts';
import { decodePicture } from '#runtime/pixels/picture.ts';
import { joined } from './own-table.ts';
import { type OwnSpace, ownSpace, promptVectors, unusable } from './vectors.ts';

const MAX_PIXELS = 64_000_000;
const LONGEST_SOUND_MS = 10 * 60_000;
/** Beyond these a projector gains little; one core is left to the rest. */
const MOST_THREADS = 8;

/**
 * The model's own projector: what its maker trained to turn pictures or sound into this model's input space, run by the library
 * that llama.cpp's own tools use (libmtmd), in a process of its own. Marks that the maker puts around a medium become rows of the own
 * table. Throws `inject.component-unusable` for another width, DeepStack, M-RoPE, and pictures read in both directions.
 */
export async function mmproj(options: {
  readonly file: string;
  readonly model: VectorModel;
  readonly modelFile: string | undefined;
  readonly signal: AbortSignal;
}): Promise<EmbeddingComponent> {
  const { file, model, modelFile, signal } = options;
  const name = `mmproj:${basename(file)}`;
  if (modelFile === undefined)
    throw unusable(
      name,
      'it needs the language model’s own file beside its projector.',
      'Use a model whose GGUF file is on this machine.',
    );
  const space = await ownSpace(model, name, signal);
  mustBePlain(name, space);
  await mustBeGguf(name, file);
  const sha256 = await hashFile(file, signal);
  const process = startProjector({ model: modelFile, projector: file, threads: threads() });
  try {
    const facts = await process.facts(signal).catch((error: unknown) => Promise.reject(named(error, name)));
    if (facts.width !== space.fingerprint.width)
      throw unusable(name, `it makes ${facts.width} numbers, ${model.id} takes ${space.fingerprint.width}.`);
    const takes: MediaKind[] = [
      ...(facts.vision ? (['image'] as const) : []),
      ...(facts.audio ? (['audio'] as const) : []),
    ];
    const id = `${name}@${sha256.slice(0, 12)}`;
    return {
      manifest: {
        schema: 'embedding-component/1',
        ...{ id, kind: 'mmproj', takes },
        encoder: { name: basename(file), sha256 },
        projectorSha256: sha256,
        target: space.fingerprint,
        ...{ vectorsPer: null, statistics: null, calibration: null },
      },
      embed: async (input, context) => {
        const medium = await decoded(input, { facts, name, context });
        const pieces = await process
          .encode(medium, context.signal)
          .catch((error: unknown) => Promise.reject(named(error, name)));
        return promptVectors({
          ...{ part: input.part, width: facts.width, component: id },
          values: joined(await Promise.all(pieces.map((piece) => rowsOf(piece, space, context.signal)))),
          surrogate: surrogateOf(input),
        });
      },
      close: () => process.close(),
    };
  } catch (error) {
    await process.close();
    throw error;
  }
}

function mustBePlain(name: string, { fingerprint }: OwnSpace): void {
  const { deepstackLayers, positionStreams } = fingerprint;
  if (deepstackLayers)
    throw unusable(name, 'the model takes a picture at several depths (DeepStack), and a prompt has only one.', NATIVE);
  if (positionStreams !== null && positionStreams > 1)
    throw unusable(
      name,
      `the model counts positions in ${positionStreams} streams (M-RoPE), and a prompt has one.`,
      NATIVE,
    );
}

/** The library is not even asked about a file that is none. */
async function mustBeGguf(name: string, path: string): Promise<void> {
  const file = await open(path, 'r').catch((error: unknown) => {
    throw unusable(name, 'its file cannot be read.', 'Check the path of the projector.', error);
  });
  try {
    const head = Buffer.alloc(4);
    await file.read(head, 0, 4, 0);
    if (head.toString('latin1') !== 'GGUF')
      throw unusable(name, 'its file is no GGUF file.', 'Name the mmproj file of the model.');
  } finally {
    await file.close();
  }
}

const NATIVE = 'Let the model see and hear natively: name the projector in ask.local.mmproj.';

async function rowsOf(piece: EncodedPiece, space: OwnSpace, signal: AbortSignal): Promise<Float32Array> {
  return 'vectors' in piece ? piece.vectors : space.rows(piece.tokens, signal);
}

interface Decoding {
  readonly facts: ProjectorFacts;
  readonly name: string;
  readonly context: CallContext;
}

async function decoded({ part, media }: ComponentInput, { facts, name, context }: Decoding): Promise<Encodable> {
  if (media?.media.kind === 'image' && facts.vision) return picture(media, context);
  if (media?.sound && media.media.kind === 'audio' && facts.audio) {
    if (facts.sampleRateHz !== HEARING_RATE_HZ)
      throw unusable(name, `it hears at ${facts.sampleRateHz} Hz, not at ${HEARING_RATE_HZ}.`);
    return { samples: await wholeSound(media, name, context.signal) };
  }
  throw unusable(name, `it cannot take ${part}${media ? `, which is of the kind ${media.media.kind}` : ''}.`, NATIVE);
}

async function picture(media: MediaPart, context: CallContext): Promise<Encodable> {
  const opened = await decodePicture(await media.bytes(), { maxPixels: MAX_PIXELS, signal: context.signal });
  if (opened.frames > 1) {
    context.note(
      lossOf({
        ...{ kind: 'frames-sampled', stage: 'embed', part: media.media.part },
        ...{ extent: opened.frames - 1, unit: 'frames' },
        message: `Only the first of ${opened.frames} frames went through the projector.`,
      }),
    );
  }
  return opened.pixels();
}

async function wholeSound(media: MediaPart, name: string, signal: AbortSignal): Promise<Float32Array> {
  const pieces: Float32Array[] = [];
  let count = 0;
  for await (const piece of media.sound?.pcm(signal) ?? []) {
    count += piece.length;
    if (count > (LONGEST_SOUND_MS / 1000) * HEARING_RATE_HZ)
      throw unusable(
        name,
        `${media.media.part} is longer than ${LONGEST_SOUND_MS / 60_000} minutes.`,
        'Let it be heard instead: use own-table.',
      );
    pieces.push(piece.slice());
  }
  return joined(pieces);
}

/** What was perceived of it says it best; without that, only what it is. */
function surrogateOf({ media, perception, text }: ComponentInput): string {
  const words = text ?? (perception && textGiven(perception));
  return words?.trim() ? words : media?.media.kind === 'image' ? '[image]' : '[audio]';
}

/** A process that ends over a file was given one it cannot bear. */
function named(error: unknown, name: string): unknown {
  const code = (error as { code?: unknown }).code;
  if (code !== 'runtime.worker-died' && code !== 'runtime.worker-died-twice') return error;
  return unusable(
    name,
    'the library ended over it; it is probably broken.',
    'Fetch the projector again and check that it is whole.',
    error,
  );
}

function threads(): number {
  return Math.min(MOST_THREADS, Math.max(1, availableParallelism() - 1));
}
