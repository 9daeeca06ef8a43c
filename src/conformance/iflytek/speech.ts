import { tone } from '../sound.ts';
import {
  bytesIn,
  type Code,
  demand,
  type Frame,
  field,
  next,
  PLAIN,
  type Service,
  type Session,
  WITH_HEADER,
} from './session.ts';
import { IFLYTEK_TEST_KEYS } from './signature.ts';

const PIECE_BYTES = 10_000;
/** How long a letter of the Latin script and any other takes at the voice's own pace. */
const LATIN_MS = 70;
const OTHER_MS = 200;

/** The sound of a text: a tone, longer for more words and a slower pace, of a pitch that is the voice's own. */
function soundOf(text: string, voice: string, speed: number, rateHz: number): Buffer {
  const letters = [...text].reduce((sum, letter) => sum + (letter < '\u0250' ? LATIN_MS : OTHER_MS), 0);
  const pitchHz = 200 + ([...voice].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 40) * 10;
  return tone(letters / 2 ** ((speed - 50) / 50), rateHz, pitchHz);
}

/** The answer in messages, as the case wants it. `wrap` puts a piece of sound into a message. */
function tell(
  session: Session,
  sound: Buffer,
  wrap: (audio: string | null, status: 1 | 2, at: number) => object,
): void {
  const { play, send, fail, breakOff } = session;
  const [what, code] = play.split(':');
  const bytes = play === 'odd-bytes' ? sound.subarray(0, sound.length - 1) : sound;
  const size = play === 'odd-pieces' ? PIECE_BYTES - 1 : PIECE_BYTES;
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
  for (const [at, piece] of pieces.entries()) {
    const isLast = at === pieces.length - 1;
    if (isLast && what === 'code') fail(Number(code) as Code);
    if (isLast && play === 'cut-off') breakOff();
    if (at === 0 && play === 'null-data') send(wrap(null, 1, 0));
    const audio = piece.toString('base64');
    send(wrap(play === 'corrupt-base64' ? `${audio.slice(0, -3)}%` : audio, isLast ? 2 : 1, at));
  }
}

/** The pace, which both take the same way. */
function checkPace({ speed, volume, pitch }: Frame): number {
  for (const value of [speed, volume, pitch]) {
    demand(
      typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 100,
      10139,
      `0 to 100, not ${value}`,
    );
  }
  return speed as number;
}

/** Synthesis, version 2 (`research/providers.md` §4.7): one frame, sound at 16 kHz. */
export const TTS: Service = {
  ...PLAIN,
  async serve(session) {
    const frame = await next(session);
    if (session.play === 'silence' || frame === null) return;
    demand(field(frame, 'common').app_id === IFLYTEK_TEST_KEYS.appId, 10313, 'common.app_id');
    const business = field(frame, 'business');
    const { aue, auf, tte, vcn } = business;
    demand(aue === 'raw' && auf === 'audio/L16;rate=16000' && tte === 'UTF8', 10139, 'business.aue, auf, tte');
    demand(typeof vcn === 'string' && vcn !== '', 10139, 'business.vcn');
    const speed = checkPace(business);
    const data = field(frame, 'data');
    demand(data.status === 2, 10163, 'data.status');
    const text = bytesIn(data.text, 'data.text');
    demand(text.length > 0 && text.length < 8_000, 10163, `${text.length} bytes of text`);
    tell(session, soundOf(text.toString('utf8'), vcn, speed, 16_000), (audio, status, at) => ({
      code: 0,
      message: 'success',
      sid: 'tts000e4a1c@made5up',
      data: audio === null ? null : { audio, status, ced: String((at + 1) * PIECE_BYTES) },
    }));
  },
};

/** The super-humanlike synthesis (§4.7): text in any number of frames, sound at 24 kHz. */
export const ORAL: Service = {
  ...WITH_HEADER,
  async serve(session) {
    if (session.play === 'silence') return;
    const texts: Buffer[] = [];
    let speaking: { readonly vcn: string; readonly speed: number } | null = null;
    for (let frame = await next(session); frame !== null; frame = await next(session)) {
      const { app_id, status } = field(frame, 'header');
      demand(app_id === IFLYTEK_TEST_KEYS.appId, 10313, 'header.app_id');
      const text = field(field(frame, 'payload'), 'text');
      demand(text.encoding === 'utf8' && text.compress === 'raw' && text.format === 'plain', 10139, 'payload.text');
      demand(text.seq === texts.length, 10163, `seq ${text.seq} where ${texts.length} was due`);
      demand(
        text.status === status && (status === 2 || status === (texts.length === 0 ? 0 : 1)),
        10163,
        `status ${status}`,
      );
      if (texts.length === 0) speaking = checkOral(field(frame, 'parameter'));
      else demand(frame.parameter === undefined, 10163, 'parameter in a later frame');
      texts.push(bytesIn(text.text, 'payload.text.text'));
      if (status === 2) break;
    }
    if (speaking === null) return;
    const text = Buffer.concat(texts).toString('utf8');
    demand(text !== '', 10163, 'no text');
    tell(session, soundOf(text, speaking.vcn, speaking.speed, 24_000), (audio, status, seq) => ({
      header: { code: 0, message: 'success', sid: 'oral00e4a1c@made5up', status },
      payload: {
        audio: { encoding: 'raw', sample_rate: 24_000, channels: 1, bit_depth: 16, status, seq, frame_size: 0, audio },
      },
    }));
  },
};

function checkOral(parameter: Frame): { readonly vcn: string; readonly speed: number } {
  const { oral_level } = field(parameter, 'oral');
  demand(['low', 'mid', 'high'].includes(String(oral_level)), 10139, 'oral.oral_level');
  const tts = field(parameter, 'tts');
  const { vcn } = tts;
  demand(typeof vcn === 'string' && /_(?:oral|flow|emo)$|clone$/.test(vcn), 10139, `tts.vcn ${vcn}`);
  const { encoding, sample_rate, channels, bit_depth } = field(tts, 'audio');
  demand(encoding === 'raw' && sample_rate === 24_000 && channels === 1 && bit_depth === 16, 10139, 'tts.audio');
  return { vcn, speed: checkPace(tts) };
}
