import { stat } from 'node:fs/promises';
import { isSensoriumError, SensoriumError } from '#contract/error.ts';
import { HEARING_RATE_HZ } from '#contract/media.ts';
import { type Resampler, resampler } from '#kit/resample.ts';
import { canDecodeWithoutFfmpeg, decodeWithoutFfmpeg } from '#runtime/decode/audio-decode.ts';
import { countAndMend, type SampleCounter } from '../../counter.ts';
import type { Decoder, SoundFile } from '../../decoder.ts';
import { refuseOddSound } from '../../odd-sound.ts';

/** audio-decode's name for each kind it decodes as a stream. */
const STREAMED: Readonly<Record<string, string>> = {
  'audio/aac': 'aac',
  'audio/aiff': 'aiff',
  'audio/amr': 'amr',
  'audio/flac': 'flac',
  'audio/matroska': 'mkv',
  'audio/mpeg': 'mp3',
  'audio/ogg': 'oga',
  'audio/ogg; codecs=opus': 'opus',
  'audio/vnd.wave': 'wav',
  'audio/webm': 'webm',
  'audio/x-caf': 'caf',
  'audio/x-ms-asf': 'wma',
  'video/matroska': 'mkv',
  'video/vnd.avi': 'avi',
  'video/webm': 'webm',
};

/** Kinds whose index may lie at the end, so that the whole file has to be in memory. */
const WHOLE: Readonly<Record<string, string>> = { 'audio/mp4': 'm4a', 'video/mp4': 'mp4', 'video/quicktime': 'mov' };
const MAX_WHOLE_BYTES = 64 * 2 ** 20;
const CHUNK_BYTES = 16 * 1024;
const MAX_RSS_BYTES = 2 ** 30;

/** The fallback where no ffmpeg is: WebAssembly decoders in a process of their own. 4 times slower, fewer formats. */
export const audioDecodeDecoder: Decoder = {
  id: 'audio-decode',
  purpose: 'decodes common formats where no ffmpeg is; slower, and blind to most cut-off files',
  takes: (mimeType) => formatOf(mimeType) !== undefined,
  available: async () => canDecodeWithoutFfmpeg(),

  async look(file) {
    if (wholeFormat(file.mimeType) && (await stat(file.path)).size > MAX_WHOLE_BYTES) {
      throw new SensoriumError('media.decoder-missing', `${file.name} is too large to be decoded without ffmpeg.`, {
        hint: 'Install ffmpeg, or add it with: npm install @ffmpeg-installer/ffmpeg',
      });
    }
    // Only decoding shows whether there is sound, so it is taken for granted here and missed there.
    return { hasSound: true, hasPicture: null, declaredMs: null, soundMs: null };
  },

  decode: decodeFile,
};

async function* decodeFile(file: SoundFile, counter: SampleCounter, signal: AbortSignal): AsyncGenerator<Float32Array> {
  const whole = wholeFormat(file.mimeType) !== undefined;
  const chunkBytes = whole ? (await stat(file.path)).size : CHUNK_BYTES;
  const request = { path: file.path, format: formatOf(file.mimeType) ?? '', chunkBytes, maxRssBytes: MAX_RSS_BYTES };
  let rateHz = 0;
  let rate: Resampler | undefined;
  let cause: unknown;
  try {
    for await (const { channels, sampleRateHz } of decodeWithoutFfmpeg(request, signal)) {
      if (sampleRateHz !== rateHz) {
        refuseOddSound(file.name, sampleRateHz, channels.length);
        if (rate) yield rate.end();
        rateHz = sampleRateHz;
        rate = resampler(rateHz, HEARING_RATE_HZ);
      }
      for (const channel of channels) countAndMend(channel, counter);
      if (rate) yield rate.push(mean(channels));
    }
  } catch (error) {
    if (isSensoriumError(error) && error.code === 'runtime.worker-died') throw tooMuchMemory(file.name, error);
    // What was decoded before the trouble stands; nothing at all means the file is broken.
    if (!isSensoriumError(error) || error.code !== 'media.broken') throw error;
    cause = error;
  }
  if (counter.total === 0) {
    throw new SensoriumError('media.broken', `${file.name} cannot be decoded.`, {
      hint: 'Check that it plays elsewhere; export or download it again.',
      cause,
    });
  }
  if (rate) yield rate.end();
}

function tooMuchMemory(name: string, cause: unknown): SensoriumError {
  return new SensoriumError(
    'media.too-large',
    `${name} needs more memory to be decoded than is allowed without ffmpeg.`,
    {
      hint: 'Cut it into parts; or install ffmpeg, or add it with: npm install @ffmpeg-installer/ffmpeg',
      details: { maxRssBytes: MAX_RSS_BYTES },
      cause,
    },
  );
}

function mean(channels: readonly Float32Array[]): Float32Array {
  const [first] = channels;
  if (!first || channels.length === 1) return first ?? new Float32Array(0);
  return first.map((_, at) => channels.reduce((sum, channel) => sum + (channel[at] ?? 0), 0) / channels.length);
}

function wholeFormat(mimeType: string): string | undefined {
  return WHOLE[bare(mimeType)];
}

function formatOf(mimeType: string): string | undefined {
  return STREAMED[mimeType] ?? STREAMED[bare(mimeType)] ?? wholeFormat(mimeType);
}

function bare(mimeType: string): string {
  return mimeType.split(';', 1)[0] as string;
}
