import { createHash } from 'node:crypto';

/** What is asked and answered in every request, so that whoever changes it on the way is found out. */
export const QUESTION = 'What is the capital of France? Answer in one word, then say why it is where it is.';
export const ANSWER = 'Paris. It grew where a road crossed the Seine on an island that was easy to defend.';
export const MODEL = 'bench';

export const STREAM_TOKENS = 200;
export const TOKEN_INTERVAL_MS = 5;

const WAV_HEADER_BYTES = 44;
const AUDIO_BYTES = 10_000_000;
const SAMPLE_RATE_HZ = 16_000;
const BYTES_PER_SAMPLE = 2;

export type Payload = 'text' | 'stream' | 'audio';

/** A chat completion request as JSON bytes. */
export function bodyOf(payload: Payload, model: string): Buffer {
  const content = payload === 'audio' ? [textPart(), audioPart()] : QUESTION;
  const messages = [{ role: 'user', content }];
  return Buffer.from(
    JSON.stringify({ model, messages, temperature: 0, ...(payload === 'stream' && { stream: true }) }),
  );
}

/** 10 MB of a valid WAV file: 16 kHz mono noise, the same in every process. */
export function recording(): Buffer {
  const wav = Buffer.alloc(AUDIO_BYTES);
  wav.write('RIFF', 0, 'latin1');
  wav.writeUInt32LE(AUDIO_BYTES - 8, 4);
  wav.write('WAVEfmt ', 8, 'latin1');
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(SAMPLE_RATE_HZ, 24);
  wav.writeUInt32LE(SAMPLE_RATE_HZ * BYTES_PER_SAMPLE, 28);
  wav.writeUInt16LE(BYTES_PER_SAMPLE, 32);
  wav.writeUInt16LE(8 * BYTES_PER_SAMPLE, 34);
  wav.write('data', 36, 'latin1');
  wav.writeUInt32LE(AUDIO_BYTES - WAV_HEADER_BYTES, 40);
  // Numerical Recipes' linear congruential generator: noise that is the same every time, and that nothing can compress away.
  let state = 1;
  for (let at = WAV_HEADER_BYTES; at < AUDIO_BYTES; at += BYTES_PER_SAMPLE) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    wav.writeUInt16LE(state >>> 16, at);
  }
  return wav;
}

export function sha256(text: string): string {
  return createHash('sha256').update(text, 'latin1').digest('hex');
}

function textPart() {
  return { type: 'text', text: QUESTION };
}

function audioPart() {
  return { type: 'input_audio', input_audio: { data: recording().toString('base64'), format: 'wav' } };
}
