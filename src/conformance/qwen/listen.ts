import { check } from '../server.ts';
import { type MeasuredSound, measureSound } from '../sound.ts';
import { badParameter } from './refusals.ts';

/** Anything shorter is an accident and no recording. */
const SHORTEST_MS = 200;
/** The longest string of base64, in characters. */
const MAX_ENCODED = 10_000_000;

/** The bytes of a data URL as the vendor takes them; everything else is a fault. `kind` is `audio`, `image` or `video`. */
export function bytesOf(url: unknown, kind: string): Buffer {
  check(typeof url === 'string', `${kind}: an address is a string`);
  const found = new RegExp(`^data:(?:${kind}/[\\w.+-]+)?;base64,`).exec(url);
  check(
    found,
    `${kind}: bare base64, or an address of another kind`,
    badParameter('The provided URL does not appear to be valid.'),
  );
  const text = url.slice(found[0].length);
  check(
    text.length <= MAX_ENCODED,
    `${kind}: more than 10 MB of base64`,
    badParameter('Exceeded limit on max bytes per data-uri item.'),
  );
  const clean = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text);
  check(clean && text !== '', `${kind}: base64 that is none`, badParameter('Invalid base64.'));
  return Buffer.from(text, 'base64');
}

/** Listens to a recording: real sound of some length, or a fault. */
export function listen(url: unknown, format?: unknown): MeasuredSound {
  const measured = measureSound(bytesOf(url, 'audio'));
  check(measured, 'audio: no WAV and no MP3', badParameter('The audio is invalid.'));
  const { durationMs } = measured;
  check(durationMs > SHORTEST_MS, `audio: only ${Math.round(durationMs)} ms`, badParameter('The audio is too short.'));
  check(
    format === undefined || format === measured.format,
    `audio: said to be ${String(format)}, is ${measured.format}`,
  );
  return measured;
}

/** What is said of a recording: how long it is, so that whoever reads it can see that the sound arrived. */
export function heardSentence({ durationMs }: MeasuredSound): string {
  return `我听到了一段${secondsOf(durationMs)}秒的录音，里面有人在说话。`;
}

/** Seconds with one digit after the point, as they stand in a sentence. */
export function secondsOf(durationMs: number): string {
  return (durationMs / 1000).toFixed(1);
}

/** What a picture is by its first bytes, with its size where that is easily read; a fault where it is none. */
export function seenSentence(url: unknown): string {
  const bytes = bytesOf(url, 'image');
  const isPng = bytes.toString('latin1', 1, 4) === 'PNG' && bytes.length > 24;
  const known = isPng || bytes.readUInt16BE(0) === 0xffd8 || /^(?:BM|II|MM|RIFF)/.test(bytes.toString('latin1', 0, 4));
  check(
    known || bytes.toString('latin1', 4, 8) === 'ftyp',
    'image: bytes that are no picture',
    badParameter('The image format is illegal and cannot be opened.'),
  );
  if (!isPng) return '我看到了一张图片。';
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  check(
    width > 10 && height > 10,
    'image: a side of 10 pixels or less',
    badParameter(
      '<400> InternalError.Algo.InvalidParameter: The image length and width do not meet the model restrictions. [height:1 or width:1 must be larger than 10]',
    ),
  );
  return `我看到了一张${width}×${height}的图片。`;
}

/** What is said of a video file. */
export function watchedSentence(url: unknown): string {
  const bytes = bytesOf(url, 'video');
  const begins = bytes.toString('latin1', 0, 8);
  const known =
    begins.slice(4) === 'ftyp' ||
    begins.startsWith('RIFF') ||
    begins.startsWith('FLV') ||
    bytes.readUInt32BE(0) === 0x1a45dfa3;
  check(known, 'video: bytes that are no video', badParameter('The video file is invalid.'));
  return `我看了一段${bytes.length}字节的视频。`;
}
