import type { Reply } from '../reply.ts';
import { check, type Request, type Running } from '../server.ts';
import { tone } from '../sound.ts';
import { codeOf, PLATFORM_FAILURES, platformFailure, SPEAKING_FAILURES, speakingFailure } from './failures.ts';
import { checkOpening } from './token.ts';

const RATE_HZ = 16_000;
const MS_PER_CHARACTER = 60;
/** Not a multiple of two, so that samples come cut. */
const PIECE_BYTES = 4_097;

const within = (most: number) => (value: string) => /^\d+$/.test(value) && Number(value) <= most;
const VOICES = ['0', '1', '3', '4', '5', '103', '106', '110', '111', '5003', '5118'];
const FIELDS: Readonly<Record<string, (value: string) => boolean>> = {
  tex: (value) => value !== '',
  tok: (value) => value !== '',
  cuid: (value) => value !== '' && value.length <= 60,
  ctp: (value) => value === '1',
  lan: (value) => value === 'zh',
  spd: within(15),
  pit: within(15),
  vol: within(15),
  per: (value) => VOICES.includes(value) || /^4\d{3}$/.test(value),
  aue: (value) => value === '4',
};

/** `POST /text2audio`: a tone as long as the text takes to say, its pitch the voice's own, as PCM at 16 kHz (`aue=4`). */
export function speak(request: Request, server: Running): Reply {
  const bad = speakingFailure(501);
  check(request.headers['content-type'] === 'application/x-www-form-urlencoded', 'content-type', bad);
  const form = new URLSearchParams(request.bytes.toString('latin1'));
  for (const [field, value] of form) check(FIELDS[field]?.(value), field, bad);
  for (const field of ['tex', 'cuid', 'ctp', 'lan', 'aue']) check(form.has(field), `no ${field}`, bad);
  const trouble = checkOpening(request, form.get('tok') ?? undefined, 'audio_tts_post', server);
  if (trouble === 'expired' || trouble === 'scope') return speakingFailure(502);
  check(trouble === null, 'tok', speakingFailure(502));
  const text = decodedTwice(form.get('tex') ?? '');
  check(gbkBytes(text) < 1_024, `a text of ${gbkBytes(text)} bytes`, speakingFailure(513));

  const code = codeOf(request.play);
  if (code !== null && code in SPEAKING_FAILURES) return speakingFailure(code);
  if (code !== null && code in PLATFORM_FAILURES) return platformFailure(code);
  if (request.play === 'not-json') return { headers: { 'content-type': 'text/html' }, pieces: ['<html></html>'] };
  const spd = Math.max(1, Number(form.get('spd') ?? 5));
  const durationMs = ([...text].length * MS_PER_CHARACTER * 5) / spd;
  const sound = tone(durationMs, RATE_HZ, 180 + (Number(form.get('per') ?? 0) % 100));
  switch (request.play) {
    case 'mp3-anyway':
      return { headers: { 'content-type': 'audio/mp3' }, pieces: [sound] };
    case 'half-sample':
      return spoken(sound.subarray(0, sound.length - 1));
    case 'cut-sound':
      return { ...spoken(sound.subarray(0, sound.length / 2)), ending: 'reset' };
    default:
      return spoken(sound);
  }
}

/** The form has been decoded once; what comes out must still be encoded, or it was only encoded once. */
function decodedTwice(tex: string): string {
  const bad = speakingFailure(500);
  check(/^[\x21-\x7e]+$/.test(tex) && !/%(?![0-9a-f]{2})/i.test(tex), 'tex is not URL-encoded twice', bad);
  const text = decodeURIComponent(tex);
  check(encodeURIComponent(text) === tex, 'tex is not URL-encoded twice', bad);
  return text;
}

function gbkBytes(text: string): number {
  return [...text].reduce((sum, character) => sum + (character <= '\x7f' ? 1 : character.length > 1 ? 4 : 2), 0);
}

function spoken(sound: Buffer): Reply {
  const pieces: Buffer[] = [];
  for (let at = 0; at < sound.length; at += PIECE_BYTES) pieces.push(sound.subarray(at, at + PIECE_BYTES));
  return { headers: { 'content-type': 'audio/basic;codec=pcm;rate=16000;channel=1' }, pieces };
}
