import { json, type Reply } from '../reply.ts';
import { check, type Request, type Running } from '../server.ts';
import { tone, wav } from '../sound.ts';
import { hasVoice } from './models.ts';
import { nativeEvents } from './native-events.ts';
import { nativeRefusal } from './refusals.ts';

type Json = Readonly<Record<string, unknown>>;

const RATE_HZ = 24_000;
const LANGUAGES = 'Auto Chinese English German Italian Portuguese Spanish Japanese Korean French Russian'.split(' ');
const MOST_CHARS = 600;
/** About the pace of a voice. */
const MS_PER_CHAR = 80;
const PIECE_BYTES = 9_601;

/** What qwen-tts says: a tone as long as the text would take, streamed or as the address of a WAV. */
export function speak(request: Request, body: Json, server: Running): Reply {
  const { text, voice, language_type: language = 'Auto', ...rest } = (body.input ?? {}) as Json;
  check(typeof text === 'string' && text.trim() !== '', 'input.text');
  const isLong = server.switchedOn.has('short-texts') && text.length > MOST_CHARS;
  check(
    !isLong,
    `input.text: ${text.length} characters`,
    nativeRefusal(400, 'InvalidParameter', 'The text is too long.'),
  );
  const known = hasVoice(String(body.model), voice);
  check(known, `input.voice: ${String(voice)}`, nativeRefusal(400, 'InvalidParameter', 'The voice is not supported.'));
  check(LANGUAGES.includes(language as string), `input.language_type: ${String(language)}`);
  check(Object.keys(rest).length === 0, `input: ${Object.keys(rest).join(', ')}`);
  check(body.parameters === undefined, 'parameters');

  const durationMs = Math.min(20_000, text.length * MS_PER_CHAR);
  const host = request.play === 'foreign-url' ? 'http://files.example' : server.origin;
  const url = `${host}/result/${durationMs}.wav?Expires=1790086400`;
  const usage = { input_tokens: 11, output_tokens: 60, characters: text.length };
  const whole = { text: null, finish_reason: 'stop', choices: null };
  const audio = { data: '', url, id: 'audio_2f4e', expires_at: 1_790_086_400 };
  const asWhole = ['whole-anyway', 'expired-url', 'foreign-url'].includes(request.play);
  if (asWhole || request.headers['x-dashscope-sse'] !== 'enable') {
    const relayed = { status_code: 200, code: '', message: '' };
    return json({ ...relayed, request_id: 'c4d1', output: { ...whole, audio }, usage });
  }
  const bare = server.switchedOn.has('bare-events');
  const going = { ...whole, finish_reason: bare ? null : 'null' };
  const pcm = request.play === 'silent' ? Buffer.alloc(0) : tone(durationMs, RATE_HZ, String(voice).length * 55);
  const pieces: object[] = [];
  for (let at = 0; at < pcm.length; at += PIECE_BYTES) {
    const data = pcm.subarray(at, at + PIECE_BYTES).toString('base64');
    pieces.push({ output: { ...going, audio: { data, id: 'audio_2f4e', expires_at: 1_790_086_400 } }, usage });
  }
  if (request.play === 'failed-sound') {
    const failed = { code: 'InternalError', message: 'An internal error has occured.', request_id: 'c4d1' };
    return nativeEvents([...pieces.slice(0, 1), failed], bare);
  }
  if (request.play === 'broken-sound') pieces.push({ output: { ...going, audio: { data: '!!not base64' } } });
  return nativeEvents([...pieces, { output: { ...whole, audio }, usage, request_id: 'c4d1' }], bare);
}

/** The file server: it asks for no key, must be given none, and forgets a file after a day. */
export function result(request: Request): Reply {
  check(request.headers.authorization === undefined, 'the key was shown to the file server');
  check(request.query.get('Expires') !== null, 'the address was changed on the way');
  if (request.play === 'expired-url') {
    const xml = '<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>Request has expired.</Message></Error>';
    return { status: 403, headers: { 'content-type': 'application/xml' }, pieces: [xml] };
  }
  const whole = wav(Number.parseInt(request.path.split('/').at(-1) ?? '', 10), RATE_HZ);
  return { headers: { 'content-type': 'audio/wav', 'content-length': String(whole.length) }, pieces: [whole] };
}
