import { httpCase } from '../cases.ts';
import { events, json, type Reply } from '../reply.ts';
import { check, type Request, type Running } from '../server.ts';
import { tone, wav } from '../sound.ts';
import { GLM_REFUSALS } from './chat.ts';
import { refusal, refusedCase } from './errors.ts';
import { checkKey } from './key.ts';

const RATE_HZ = 24_000;
const MS_PER_CHAR = 70;
/** Odd, so that pieces end within a sample. */
const PIECE_BYTES = 3_001;
const PIECE_CHARS = 4_001;

const FIELDS = [
  'model',
  'input',
  'voice',
  'response_format',
  'stream',
  'speed',
  'volume',
  'encode_format',
  'watermark_enabled',
  'request_id',
  'user_id',
];
const VOICES = ['tongtong', 'chuichui', 'xiaochen', 'jam', 'kazi', 'douji', 'luodo'];

/** A voice that was cloned for the test key. */
export const GLM_CLONED = { voice: 'voice_clone_20260101_120000_001', voice_name: '我的声音', voice_type: 'PRIVATE' };

export const TALK_CASES: Readonly<Record<string, string>> = {
  'one-encoding': 'G10: all pieces of sound are one base64, cut anywhere',
  'sound-not-base64': 'H9: a piece of sound that is no base64',
  'sound-cut': 'H9: sound that ends within a byte, or before its header says',
  'sound-empty': 'H9: a good answer without a sound',
};

/** Speaks as GLM-TTS does: a tone as long as the text, with a pitch for each voice. */
export function talk(request: Request, { switchedOn }: Running): Reply {
  checkKey(request);
  check(request.headers['content-type'] === 'application/json', 'content-type', refusal(1210));
  const body = request.json();
  const { model, input, voice, speed = 1, volume = 1, stream = false, response_format = 'pcm', encode_format } = body;
  for (const field of Object.keys(body)) check(FIELDS.includes(field), `the field ${field}`, refusal(1210));
  check(model === 'glm-tts' || model === 'glm-tts-clone', `a model called ${model}`, refusal(1211));
  check(typeof input === 'string' && input.trim() !== '', 'input', refusal(1213));
  check(input.length <= 1024, `${input.length} characters`, refusal(1210));
  const pitch = [...VOICES, GLM_CLONED.voice].indexOf(String(voice));
  check(pitch >= 0, `a voice called ${voice}`, refusal(1210));
  check(typeof speed === 'number' && speed >= 0.5 && speed <= 2, `speed ${speed}`, refusal(1210));
  check(typeof volume === 'number' && volume > 0 && volume <= 10, `volume ${volume}`, refusal(1210));
  check(response_format === 'wav' || response_format === 'pcm', 'response_format', refusal(1210));
  check(typeof stream === 'boolean', 'stream', refusal(1210));
  check(!stream || response_format === 'pcm', 'a stream of WAV', refusal(1210));
  check(stream || encode_format === undefined, 'encode_format without stream', refusal(1210));
  check([undefined, 'base64', 'hex'].includes(encode_format as undefined), 'encode_format', refusal(1210));
  const refused = refusedCase(request.play);
  if (refused) return refused;
  const durationMs = (input.length * MS_PER_CHAR) / speed;
  const pitchHz = 220 + 40 * pitch;
  if (!stream) return whole(request.play, response_format, durationMs, pitchHz);
  if (switchedOn.has('speech-whole')) return whole(request.play, 'wav', durationMs, pitchHz);
  const good = streamed(request.play, encode_format === 'hex' ? 'hex' : 'base64', tone(durationMs, RATE_HZ, pitchHz));
  return httpCase(request.play, good, GLM_REFUSALS) ?? good;
}

function whole(play: string, format: unknown, durationMs: number, pitchHz: number): Reply {
  const sound = format === 'wav' ? wav(durationMs, RATE_HZ, pitchHz) : tone(durationMs, RATE_HZ, pitchHz);
  const sent = play === 'sound-cut' ? sound.subarray(0, -1000) : play === 'sound-empty' ? sound.subarray(0, 44) : sound;
  const good = { headers: { 'content-type': 'audio/wav' }, pieces: cut(sent) };
  return httpCase(play, good, GLM_REFUSALS) ?? good;
}

function streamed(play: string, encoding: 'base64' | 'hex', samples: Buffer): Reply {
  const one = samples.toString(encoding).match(new RegExp(`.{1,${PIECE_CHARS}}`, 'g')) ?? [];
  const each = cut(samples).map((piece) => piece.toString(encoding));
  const contents: Readonly<Record<string, readonly string[]>> = {
    'one-encoding': one,
    'sound-not-base64': [...each.slice(0, 2), '<html>'],
    'sound-cut': [...each.slice(0, 2), 'A'],
    'sound-empty': [''],
  };
  return events([...(contents[play] ?? each).map((content) => delta(content)), delta('', 'stop'), '[DONE]']);
}

function cut(bytes: Buffer): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / PIECE_BYTES) }, (_, at) =>
    bytes.subarray(at * PIECE_BYTES, (at + 1) * PIECE_BYTES),
  );
}

function delta(content: string, finish_reason: string | null = null): object {
  return {
    id: '202611261000madeup',
    created: 1_790_000_000,
    request_id: 'made-up-request',
    choices: [{ index: 0, delta: { role: 'assistant', content }, finish_reason }],
  };
}

/** Lists the voices of the key. */
export function listVoices(request: Request): Reply {
  checkKey(request);
  const type = request.query.get('voiceType');
  check([null, 'PRIVATE', 'OFFICIAL'].includes(type), `voices of type ${type}`, refusal(1210));
  const official = VOICES.map((voice) => ({ voice, voice_name: voice, voice_type: 'OFFICIAL' }));
  const all = [
    ...official,
    { ...GLM_CLONED, download_url: 'https://example.com/voice.mp3', create_time: '2026-01-01 12:00:00' },
  ];
  return (
    refusedCase(request.play) ??
    json({ voice_list: all.filter(({ voice_type }) => type === null || voice_type === type) })
  );
}
