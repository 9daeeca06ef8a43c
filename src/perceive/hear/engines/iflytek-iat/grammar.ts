import { base64Bytes, type IflytekSession, type Json, objectIn, type Sign } from '#upstream/iflytek.ts';
import type { SpokenPiece } from '../remote/recogniser.ts';
import { dictated } from './wpgs.ts';

/** Where a frame stands: 0 opens, 1 goes on, 2 closes and holds no sound. */
export interface Place {
  readonly status: 0 | 1 | 2;
  readonly seq: number;
}

/** A result and whether it is the last; `null` where a message holds none. */
export interface Read {
  readonly result: Json | null;
  readonly ended: boolean;
}

/** A text that its listener still changes. */
export interface Dictated {
  /** Takes the next result. */
  take(result: Json): void;
  readonly text: string;
}

/** One of the ways to talk to iFlytek's dictation. */
export interface Grammar {
  readonly address: string;
  readonly languages: readonly string[];
  readonly takesPrompt: boolean;
  /** How its address is signed, where it is not as most are. */
  readonly sign?: Sign;
  /** A closed connection is an end like any other. */
  readonly endsWhenClosed?: boolean;
  /** `sound` is mono 16-bit PCM at 16 kHz. */
  frame(sound: Buffer, place: Place, piece: SpokenPiece, appId: string): object | Buffer;
  read(message: Json, session: IflytekSession): Read;
  /** Begins to put results together. */
  dictated(): Dictated;
}

const LAST = 2;
const END_OF_SPEECH_MS = 3_000;

/** Dictation, version 2. Source: www.xfyun.cn/doc/asr/voicedictation/API.html */
export const IAT: Grammar = {
  address: 'wss://iat-api.xfyun.cn/v2/iat',
  languages: ['zh', 'en'],
  takesPrompt: false,
  dictated,
  frame(sound, { status }, { language }, app_id) {
    const data = { status, format: 'audio/L16;rate=16000', encoding: 'raw', audio: sound.toString('base64') };
    if (status !== 0) return { data };
    const english = language === 'en';
    const business = {
      language: english ? 'en_us' : 'zh_cn',
      domain: 'iat',
      accent: 'mandarin',
      vad_eos: END_OF_SPEECH_MS,
      // Only Mandarin is corrected as it goes.
      ...(english ? {} : { dwa: 'wpgs' }),
    };
    return { common: { app_id }, business, data };
  },
  read(message) {
    const { status, result } = objectIn(message.data);
    return readResult(result, status);
  },
};

/** The large model's dictation of Chinese and English. Source: `SparkIatClient.java` in iFLYTEK-OP/websdk-java. */
export const IAT_SLM: Grammar = {
  address: 'wss://iat.xf-yun.com/v1',
  languages: ['zh', 'en'],
  takesPrompt: true,
  dictated,
  frame(sound, { status, seq }, { prompt }, app_id) {
    const words = prompt === undefined ? { text: '' } : hotWords(prompt);
    const iat = {
      domain: 'slm',
      language: 'zh_cn',
      accent: 'mandarin',
      eos: 2 * END_OF_SPEECH_MS,
      dwa: 'wpgs',
      ...(words.text === '' ? {} : { dhw: words.text }),
      result: { encoding: 'utf8', compress: 'raw', format: 'json' },
    };
    const audio = { encoding: 'raw', sample_rate: 16_000, channels: 1, bit_depth: 16, seq, status };
    return {
      header: { app_id, status },
      ...(status === 0 ? { parameter: { iat } } : {}),
      payload: { audio: { ...audio, audio: sound.toString('base64') } },
    };
  },
  read(message, session) {
    const { text } = objectIn(objectIn(message.payload).result);
    const { status } = objectIn(message.header);
    if (text === undefined || text === null || text === '') return readResult(null, status);
    const result = jsonIn(base64Bytes(text));
    if (result === null) throw session.broken('it sent a result that is not base64 of JSON');
    return readResult(result, status);
  },
};

function readResult(result: unknown, status: unknown): Read {
  const found = objectIn(result);
  return { result: Object.keys(found).length > 0 ? found : null, ended: Number(status) === LAST || found.ls === true };
}

function jsonIn(bytes: Buffer | null): Json | null {
  try {
    const json: unknown = JSON.parse(bytes?.toString('utf8') ?? '');
    return typeof json === 'object' && json !== null ? objectIn(json) : null;
  } catch {
    return null;
  }
}

const MOST_HOT_CHARS = 1_024;

/** The names and terms of a prompt as the engine takes them, and how many there was no room for. */
export function hotWords(prompt: string): { readonly text: string; readonly leftOut: number } {
  const words = [...new Set(prompt.normalize('NFC').match(/[\p{L}\p{M}\p{N}]+(?:['’-][\p{L}\p{M}\p{N}]+)*/gu) ?? [])];
  if (words.length === 0) return { text: '', leftOut: 0 };
  let text = 'dhw=db_utf-8;';
  let taken = 0;
  for (const word of words) {
    const more = `${taken === 0 ? '' : '|'}${word}`;
    if (text.length + more.length > MOST_HOT_CHARS) break;
    text += more;
    taken++;
  }
  return { text: taken === 0 ? '' : text, leftOut: words.length - taken };
}
