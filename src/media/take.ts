import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { SensoriumError } from '#contract/error.ts';
import type { Loss } from '#contract/loss.ts';
import type { Media, MediaPart } from '#contract/media.ts';
import { type Arrival, arrive } from './arrive.ts';
import type { Decoder } from './decoder.ts';
import { DECODERS } from './engines/index.ts';
import { refuseHuge } from './extent/limits.ts';
import type { MediaInput } from './input.ts';
import { type Sniffed, sniff } from './sniff.ts';
import { soundless, soundOf, tooLong } from './sound.ts';

/** How much is taken at most. Frames of an animated picture count as pages. */
export interface MediaLimits {
  readonly maxDurationMs: number;
  readonly maxBytes: number;
  readonly maxPixels: number;
  readonly maxPages: number;
}

export const MEDIA_LIMITS: MediaLimits = {
  maxDurationMs: 4 * 3_600_000,
  maxBytes: 2 * 2 ** 30,
  maxPixels: 100e6,
  maxPages: 1_000,
};

export interface TakeOptions {
  /** What the part is called everywhere else: `part-1`. */
  readonly part: string;
  readonly signal: AbortSignal;
  readonly note: (loss: Loss) => void;
  readonly limits?: Partial<MediaLimits>;
  /** Lets URLs point to private and loopback addresses: for operators, never for callers. */
  readonly allowPrivateHosts?: boolean;
  /** Refuses every URL that would need the network. */
  readonly offline?: boolean;
  /** Decoders in order of preference, instead of all there are. */
  readonly decoders?: readonly Decoder[];
}

const SOUND_NAME = /\.(wav|mp3|m4a|aac|flac|ogg|oga|opus|webm|mp4|mov|mkv|mpe?g|avi|aiff?|caf|amr|wma)$/i;

/**
 * Takes one medium in: brings it here, hashes it, tells what it is from its bytes, and opens the way to its sound. Decoding
 * itself happens when somebody listens. Throws `media.*`; what is there but incomplete is noted as a loss.
 */
export async function takeMedia(input: MediaInput, options: TakeOptions): Promise<MediaPart> {
  const limits = { ...MEDIA_LIMITS, ...options.limits };
  const arrival = await arrive(input, {
    signal: options.signal,
    maxBytes: limits.maxBytes,
    allowPrivateHosts: options.allowPrivateHosts ?? false,
    offline: options.offline ?? false,
  });
  try {
    return await open(arrival, await sniff(arrival.path), limits, options);
  } catch (error) {
    await arrival.close();
    throw error;
  }
}

async function open(arrival: Arrival, sniffed: Sniffed, limits: MediaLimits, options: TakeOptions): Promise<MediaPart> {
  const { path, name } = arrival;
  const { kind, mimeType } = sniffed;
  if (kind === null) throw unsupported(name, mimeType);
  if (kind === 'text' && SOUND_NAME.test(name)) throw unsupported(name, 'plain text');
  const part = async (media: Pick<Media, 'kind' | 'mimeType'>): Promise<MediaPart> => ({
    media: {
      part: options.part,
      ...media,
      name,
      source: arrival.source,
      sizeBytes: arrival.sizeBytes,
      sha256: await arrival.sha256(),
    },
    bytes: () => readFile(path),
    stream: () => createReadStream(path),
    close: arrival.close,
  });
  const file = { path, name, mimeType };
  await refuseHuge(file, limits, options.signal);
  if (kind !== 'audio' && kind !== 'video') return part({ kind, mimeType });

  const decoder = await decoderFor(file, options.decoders ?? DECODERS);
  const look = await decoder.look(file, options.signal);
  if (look.declaredMs !== null && look.declaredMs > limits.maxDurationMs) {
    throw tooLong(name, look.declaredMs, limits.maxDurationMs);
  }
  if (look.hasSound ? look.soundMs === 0 : look.hasPicture === false) throw soundless(name);
  const seen = await part(look.hasPicture === null ? { kind, mimeType } : called(look.hasPicture, mimeType));
  if (!look.hasSound) return seen;
  const sound = soundOf({
    file,
    part: options.part,
    decoder,
    look,
    maxDurationMs: limits.maxDurationMs,
    note: options.note,
  });
  return {
    ...seen,
    sound,
    async close() {
      sound.forget();
      await arrival.close();
    },
  };
}

// A container made for films may hold sound alone.
function called(hasPicture: boolean, mimeType: string): Pick<Media, 'kind' | 'mimeType'> {
  if (hasPicture) return { kind: 'video', mimeType };
  return { kind: 'audio', mimeType: mimeType.replace(/^video\//, 'audio/') };
}

async function decoderFor(file: { name: string; mimeType: string }, all: readonly Decoder[]): Promise<Decoder> {
  const able = all.filter((decoder) => decoder.takes(file.mimeType));
  for (const decoder of able) if (await decoder.available()) return decoder;
  if (able.length === 0) throw unsupported(file.name, file.mimeType);
  throw new SensoriumError('media.decoder-missing', `Nothing here can decode ${file.name} (${file.mimeType}).`, {
    hint: 'Install ffmpeg, or add it with: npm install @ffmpeg-installer/ffmpeg',
    details: { mimeType: file.mimeType },
  });
}

function unsupported(name: string, really: string): SensoriumError {
  const what = really === 'application/octet-stream' ? 'of no kind known here' : really;
  return new SensoriumError('media.unsupported', `${name} is ${what}, which cannot be taken as a medium.`, {
    hint: 'Give a recording, a film, a picture, a document or a text.',
    details: { mimeType: really },
  });
}
