import { wavHeader } from '#kit/pcm.ts';
import { tone } from '../sound.ts';

const RATE_HZ = 24_000;
const MS_PER_CHARACTER = 70;

/** What a server says in sound, as headerless PCM16 at 24 kHz: a tone as long as a person would need, its pitch the voice's own. */
export function spokenTone(text: string, voice = '', speed = 1): Buffer {
  const pitchHz = 200 + ([...voice].reduce((sum, character) => sum + (character.codePointAt(0) ?? 0), 0) % 300);
  return tone(([...text].length * MS_PER_CHARACTER) / speed, RATE_HZ, pitchHz);
}

/** The same as a WAV. */
export function asWav(pcm: Buffer): Buffer {
  return Buffer.concat([wavHeader(RATE_HZ, pcm.length), pcm]);
}

/** Bytes or text in pieces that end where no sample and no group of base64 does. */
export function inPieces<T extends Buffer | string>(whole: T, count = 5): T[] {
  const step = Math.max(1, Math.ceil(whole.length / count) | 1);
  return Array.from(
    { length: Math.ceil(whole.length / step) },
    (_, at) => whole.slice(at * step, (at + 1) * step) as T,
  );
}
