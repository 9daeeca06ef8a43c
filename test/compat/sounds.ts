import { readFileSync } from 'node:fs';
import { findFfmpeg } from '#runtime/ffmpeg.ts';
import { wordErrorRate } from '../word-errors.ts';
import { runProgram } from './program.ts';

/** A sound that a client was given, and what it must say. */
export interface Sound {
  readonly file: string;
  readonly format: 'wav' | 'mp3' | 'opus' | 'flac' | 'pcm';
  readonly said: string;
}

const SAMPLE_RATE_HZ = 24_000;
/** Two misheard words in a short sentence are the recogniser's; more are the voice's. */
const MOST_ERRORS = 0.25;

/** Decodes a sound with ffmpeg, hears it through the server, and compares. Gives what is wrong, or nothing. */
export async function soundProblems(sound: Sound, server: { url: string; key: string }): Promise<readonly string[]> {
  const bytes = readFileSync(sound.file);
  const begins = BEGINNINGS[sound.format];
  if (!begins(bytes)) return [`${sound.format} begins with ${bytes.subarray(0, 4).toString('hex')}`];
  let wav: Buffer;
  try {
    wav = await decoded(sound);
  } catch (error) {
    return [`ffmpeg cannot decode it: ${(error as Error).message.slice(-200)}`];
  }
  const seconds = (wav.length - 44) / 2 / 16_000;
  if (seconds < 0.3) return [`only ${seconds} s of sound`];
  const form = new FormData();
  form.set('file', new Blob([Uint8Array.from(wav)]), 'heard.wav');
  form.set('model', 'moonshine-tiny');
  const response = await fetch(`${server.url}/v1/audio/transcriptions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.key}` },
    body: form,
  });
  const { text } = (await response.json()) as { text?: string };
  if (text === undefined) return [`cannot be heard again: ${response.status}`];
  const errors = wordErrorRate(sound.said, text);
  return errors <= MOST_ERRORS ? [] : [`says “${text}” for “${sound.said}”`];
}

const BEGINNINGS: Record<Sound['format'], (bytes: Buffer) => boolean> = {
  wav: (bytes) => bytes.subarray(0, 4).toString() === 'RIFF',
  mp3: (bytes) => bytes.subarray(0, 3).toString() === 'ID3' || (bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xe0) === 0xe0),
  opus: (bytes) => bytes.subarray(0, 4).toString() === 'OggS' && bytes.includes('OpusHead'),
  flac: (bytes) => bytes.subarray(0, 4).toString() === 'fLaC',
  pcm: (bytes) => bytes.length % 2 === 0,
};

async function decoded({ file, format }: Sound): Promise<Buffer> {
  const ffmpeg = await findFfmpeg();
  if (ffmpeg === null) throw new Error('there is no ffmpeg');
  const raw = format === 'pcm' ? ['-f', 's16le', '-ar', String(SAMPLE_RATE_HZ), '-ac', '1'] : [];
  // A WAV that was begun before its length was known says so in its head, and ffmpeg calls that a fault.
  const strict = format === 'wav' ? [] : ['-xerror'];
  const wav = `${file}.heard.wav`;
  await runProgram(ffmpeg, ['-v', 'error', ...strict, '-y', ...raw, '-i', file, '-ac', '1', '-ar', '16000', wav]);
  return readFileSync(wav);
}
