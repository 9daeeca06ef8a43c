import { SensoriumError } from '#contract/error.ts';
import { HEARING_RATE_HZ } from '#contract/media.ts';
import { FORMATS } from '#runtime/demuxers.ts';
import { describeWithFfmpeg, findFfmpeg, runFfmpeg } from '#runtime/ffmpeg.ts';
import { countAndMend, type SampleCounter } from '../../counter.ts';
import type { Decoder, Look, SoundFile } from '../../decoder.ts';
import { refuseOddSound } from '../../odd-sound.ts';

/** No block of memory that ffmpeg asks for may be larger: a crafted head can ask for gigabytes. */
const MAX_BLOCK_BYTES = 128 * 2 ** 20;

/**
 * A low-pass as long as our own (`resample.ts`), measured by the same test: `filter_size` counts taps at the lower rate,
 * `cutoff` is a share of its Nyquist frequency. `rematrix_maxval=1` makes mono the mean; without it floats are summed past 1.
 */
const TO_HEARING = [
  `aresample=${HEARING_RATE_HZ}:filter_type=kaiser:kaiser_beta=6:filter_size=80:phase_shift=10:cutoff=0.93:rematrix_maxval=1`,
  'aformat=channel_layouts=mono',
].join();

/** Decodes whatever ffmpeg can, in a process of its own. */
export const ffmpegDecoder: Decoder = {
  id: 'ffmpeg',
  purpose: 'decodes nearly everything, in a process of its own; the fastest',
  takes: (mimeType) => bare(mimeType) in FORMATS,
  available: async () => (await findFfmpeg()) !== null,

  async look(file, signal) {
    const { stderr } = await describeWithFfmpeg(await program(), inputOf(file), signal);
    const about = readDescription(stderr);
    if (!about) throw broken(file, stderr);
    for (const { sampleRateHz, channels } of claimsOf(stderr)) refuseOddSound(file.name, sampleRateHz, channels);
    return about;
  },

  decode: decodeWithFfmpeg,
};

async function* decodeWithFfmpeg(
  file: SoundFile,
  counter: SampleCounter,
  signal: AbortSignal,
): AsyncGenerator<Float32Array> {
  const output = ['-map', '0:a:0', '-vn', '-sn', '-dn', '-af', TO_HEARING, '-f', 'f32le', 'pipe:1'];
  const run = runFfmpeg(await program(), inputOf(file), output, signal);
  let rest: Buffer = Buffer.alloc(0);
  for await (const bytes of run.output) {
    const all = rest.length > 0 ? Buffer.concat([rest, bytes]) : bytes;
    const whole = all.length - (all.length % 4);
    // Copied, because the pipe's buffer may lie at an offset that is no multiple of four.
    const samples = new Float32Array(Uint8Array.from(all.subarray(0, whole)).buffer);
    rest = all.subarray(whole);
    countAndMend(samples, counter);
    if (samples.length > 0) yield samples;
  }
  const { stderr } = await run.ended;
  if (counter.total === 0) throw broken(file, stderr);
}

/**
 * Reads ffmpeg's words about a file; `null` when it could not make sense of it. A length guessed from the bit rate counts
 * as none. Cover pictures are no video.
 */
export function readDescription(stderr: string): Look | null {
  if (!/^Input #0/m.test(stderr)) return null;
  const streams = stderr.match(/^\s+Stream #0:.*/gm) ?? [];
  const length = /Duration: (\d+):(\d\d):(\d\d(?:\.\d+)?)/.exec(stderr);
  const guessed = stderr.includes('Estimating duration from bitrate');
  const declaredMs =
    length && !guessed ? ((Number(length[1]) * 60 + Number(length[2])) * 60 + Number(length[3])) * 1_000 : null;
  const hasPicture = streams.some((line) => line.includes(': Video:') && !line.includes('(attached pic)'));
  return {
    hasSound: streams.some((line) => line.includes(': Audio:') && !line.includes('Audio: none')),
    hasPicture,
    declaredMs,
    // A film's sound may end before its pictures do.
    soundMs: hasPicture ? null : declaredMs,
  };
}

/** What each sound stream claims, in ffmpeg's words: `8000 Hz, 6 channels`; a layout with a name counts as one channel. */
function claimsOf(stderr: string): { sampleRateHz: number; channels: number }[] {
  return [...stderr.matchAll(/^\s+Stream #0:.*: Audio: .*?(\d+) Hz(?:, (\d+) channels)?/gm)].map((match) => ({
    sampleRateHz: Number(match[1]),
    channels: Number(match[2] ?? 1),
  }));
}

// Naming the demuxer keeps ffmpeg from taking a crafted file for a playlist that opens other files.
function inputOf(file: SoundFile): string[] {
  return ['-max_alloc', String(MAX_BLOCK_BYTES), '-f', FORMATS[bare(file.mimeType)] ?? '', '-i', `file:${file.path}`];
}

async function program(): Promise<string> {
  const path = await findFfmpeg();
  if (path) return path;
  throw new SensoriumError('media.decoder-missing', 'ffmpeg is not here.', { hint: 'Install ffmpeg.' });
}

function broken(file: SoundFile, stderr: string): SensoriumError {
  const reason = reasonIn(stderr, file.path);
  return new SensoriumError('media.broken', `${file.name} cannot be decoded${reason ? `: ${reason}` : ''}.`, {
    hint: 'Check that it plays elsewhere; export or download it again.',
    cause: new Error(stderr),
  });
}

/** The last complaint without addresses in memory and without the path, which is nobody's business. */
function reasonIn(stderr: string, path: string): string {
  const lines = stderr
    .split('\n')
    .map((line) =>
      line
        .replace(/^\[[^\]]*\] */, '')
        .replaceAll(`file:${path}`, '')
        .replace(/^: /, '')
        .trim(),
    )
    .filter((line) => /error|invalid|not found|fail|missing|no such/i.test(line));
  return lines[0]?.replace(/\.$/, '') ?? '';
}

function bare(mimeType: string): string {
  return mimeType.split(';', 1)[0] as string;
}
