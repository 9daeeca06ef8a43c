import { spawn } from 'node:child_process';
import type { Writable } from 'node:stream';
import { SensoriumError } from '#contract/error.ts';
import { orCancelled, throwIfCancelled } from '#kit/abort.ts';
import { runCommand } from '#kit/command.ts';

/** What comes out, in ffmpeg's words. */
export interface FfmpegOutput {
  /** The sample rate of the mono signed 16-bit little-endian PCM that goes in, in hertz. */
  readonly inputRateHz: number;
  /** Encoder, bit rate and container: what stands between input and output on ffmpeg's command line. */
  readonly coding: readonly string[];
}

const KEPT_CHARS = 4_000;

// Encoding begins with the first samples, as there is nothing to find out about bare PCM.
const AT_ONCE = ['-probesize', '32', '-analyzeduration', '0'];
// The same sound gives the same bytes: no version, no random serial number, no tags.
const PLAIN = ['-map_metadata', '-1', '-fflags', '+bitexact', '-flags:a', '+bitexact', '-flush_packets', '1'];

const known = new Map<string, Promise<ReadonlySet<string>>>();

/** The names of the encoders for sound and pictures this ffmpeg was built with (`libmp3lame`, `libx264`), asked once; none where it does not answer. */
export function ffmpegEncoders(program: string): Promise<ReadonlySet<string>> {
  let encoders = known.get(program);
  if (!encoders) {
    encoders = askForEncoders(program);
    known.set(program, encoders);
  }
  return encoders;
}

async function askForEncoders(program: string): Promise<ReadonlySet<string>> {
  const { code, stdout } = await runCommand(program, ['-hide_banner', '-encoders']);
  if (code !== 0) known.delete(program);
  // A row is flags, name, description: ` A..... flac   FLAC (Free Lossless Audio Codec)`.
  return new Set([...stdout.matchAll(/^ [AV]\S{5} (\w\S*)/gm)].map(([, name]) => name as string));
}

/**
 * Encodes PCM with ffmpeg, in a process of its own, while it comes: nothing is fetched from `pcm` unless the reader waits
 * for bytes. Cancelling and leaving early kill the process; it dies with this one, as its input then ends.
 * Throws `speak.encoding-failed`, and whatever `pcm` throws.
 */
export async function* encodeWithFfmpeg(
  program: string,
  output: FfmpegOutput,
  pcm: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  throwIfCancelled(signal);
  const input = ['-f', 's16le', '-ar', String(output.inputRateHz), '-ac', '1', '-i', 'pipe:0'];
  const guarded = ['-hide_banner', '-nostdin', '-protocol_whitelist', 'pipe', '-loglevel', 'error'];
  const child = spawn(program, [...guarded, ...AT_ONCE, ...input, ...PLAIN, ...output.coding, 'pipe:1'], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (bytes) => {
    stderr = (stderr + bytes).slice(-KEPT_CHARS);
  });
  // How the process ended says it all; a broken pipe is only what that looks like from here.
  child.stdin.on('error', () => {});
  const ended = new Promise<number | null>((resolve) => {
    child.on('error', (error) => {
      stderr += error.message;
      resolve(null);
    });
    child.on('close', resolve);
  });
  const stop = () => child.kill('SIGKILL');
  signal.addEventListener('abort', stop, { once: true });

  const source = pcm[Symbol.asyncIterator]();
  let fedAll = false;
  const feed = async (): Promise<'fed' | 'no-more'> => {
    const next = await source.next();
    if (!next.done) return (await written(child.stdin, next.value)) ? 'fed' : 'no-more';
    child.stdin.end();
    fedAll = true;
    return 'no-more';
  };
  const encoded = child.stdout[Symbol.asyncIterator]();
  const read = (): Promise<IteratorResult<Buffer, undefined>> =>
    encoded.next().catch(() => ({ done: true, value: undefined }));

  try {
    let reading = read();
    let feeding = feed();
    for (;;) {
      const ready = await orCancelled(Promise.race([reading, feeding]), signal);
      if (ready === 'fed') feeding = feed();
      else if (ready === 'no-more') feeding = new Promise(() => {});
      else if (ready.done) break;
      else {
        yield ready.value;
        reading = read();
      }
    }
    const code = await ended;
    throwIfCancelled(signal);
    if (code !== 0 || !fedAll) throw stopped(code, stderr);
  } finally {
    stop();
    signal.removeEventListener('abort', stop);
    // The source may be waiting for something that never comes; it is told, but not waited for.
    if (!fedAll) source.return?.().catch(() => {});
    // A program that only wraps ffmpeg may be gone while ffmpeg itself still holds these.
    for (const pipe of child.stdio) pipe?.destroy();
    await ended;
  }
}

/** Settles when the pipe has taken the bytes: `true`, or `false` when it is broken. */
function written(pipe: Writable, bytes: Uint8Array): Promise<boolean> {
  return new Promise((resolve) => pipe.write(bytes, (error) => resolve(!error)));
}

function stopped(code: number | null, stderr: string): SensoriumError {
  return new SensoriumError('speak.encoding-failed', 'The sound could not be encoded: ffmpeg stopped before the end.', {
    hint: 'Try again, or ask for wav, which needs no encoder.',
    details: { encoder: 'ffmpeg', exitCode: code ?? 'none' },
    cause: new Error(stderr),
  });
}
