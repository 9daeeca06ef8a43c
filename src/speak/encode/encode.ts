import { SensoriumError } from '#contract/error.ts';
import { orCancelled } from '#kit/abort.ts';
import { wavHeader } from '#kit/pcm.ts';
import { OPTIONAL_PACKAGES } from '#runtime/optional.ts';
import type { SoundEncoder } from './encoder.ts';
import { FFMPEG_ENCODERS } from './engines/ffmpeg.ts';
import { ENCODERS } from './engines/index.ts';
import { OUT_RATE_HZ, SOUND_FORMATS, type SoundFormat, type SoundWanted } from './formats.ts';

/** A format by the name a caller gives; `pcm16` is what chat calls `pcm`. Throws `speak.unsupported-format`. */
export function soundFormat(name: string): SoundFormat {
  const format = name === 'pcm16' ? 'pcm' : name;
  if (Object.hasOwn(SOUND_FORMATS, format)) return format as SoundFormat;
  const formats = Object.keys(SOUND_FORMATS).join(', ');
  throw new SensoriumError('speak.unsupported-format', 'There is no such format for spoken answers.', {
    hint: `Ask for one of: ${formats}.`,
  });
}

/**
 * The encoder that will write this format; ask before any sound is made. Throws `speak.encoder-missing`, whose hint says
 * what to install.
 */
export async function encoderFor(
  format: SoundFormat,
  sampleRateHz: number = OUT_RATE_HZ,
  encoders: readonly SoundEncoder[] = ENCODERS,
): Promise<SoundEncoder> {
  for (const encoder of encoders) if (await encoder.ready({ format, sampleRateHz })) return encoder;
  throw new SensoriumError('speak.encoder-missing', `Nothing here can write ${format}.`, {
    hint: missingHint(format),
    details: { format },
  });
}

/**
 * Encodes mono float32 sound while it is being made: bytes come long before its end, and more sound is fetched only when
 * the reader waits. Samples beyond [-1, 1] are held at full scale, and NaN is silence. Cancelling ends it at once and
 * leaves no process. Throws `speak.encoder-missing`, `speak.encoding-failed`, `kit.cancelled`, and whatever `pcm` throws.
 */
export async function* encodeSound(
  pcm: AsyncIterable<Float32Array>,
  wanted: SoundWanted,
  context: { readonly signal: AbortSignal },
  encoders: readonly SoundEncoder[] = ENCODERS,
): AsyncGenerator<Uint8Array> {
  const encoder = await encoderFor(wanted.format, wanted.sampleRateHz, encoders);
  yield* encoder.encode(cleaned(pcm, context.signal), wanted, context.signal);
}

/** The same in one piece. A WAV then tells its true length, without which some players refuse it. */
export async function encodeWholeSound(
  pcm: AsyncIterable<Float32Array>,
  wanted: SoundWanted,
  context: { readonly signal: AbortSignal },
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of encodeSound(pcm, wanted, context)) pieces.push(piece);
  const whole = Buffer.concat(pieces);
  if (wanted.format === 'wav') {
    const { length } = wavHeader(wanted.sampleRateHz, null);
    whole.set(wavHeader(wanted.sampleRateHz, whole.length - length));
  }
  return whole;
}

/** What encoders are promised: samples within bounds, and an end as soon as the request is cancelled. */
async function* cleaned(pcm: AsyncIterable<Float32Array>, signal: AbortSignal): AsyncGenerator<Float32Array> {
  const source = pcm[Symbol.asyncIterator]();
  let ended = false;
  try {
    for (;;) {
      const next = await orCancelled(source.next(), signal);
      ended = next.done === true;
      if (next.done) return;
      yield next.value.map((sample) => Math.max(-1, Math.min(1, sample || 0)));
    }
  } finally {
    // The engine may be in the middle of a sentence; it is told, but not waited for.
    if (!ended) source.return?.().catch(() => {});
  }
}

function missingHint(format: SoundFormat): string {
  const encoder = FFMPEG_ENCODERS[format]?.encoder;
  const lame = `wasm-media-encoders@${OPTIONAL_PACKAGES['wasm-media-encoders'].range}`;
  const other = format === 'mp3' ? `, or: npm install ${lame}` : '';
  return `Install an ffmpeg that has the encoder ${encoder}, as your system’s packages do${other}. WAV needs nothing.`;
}
