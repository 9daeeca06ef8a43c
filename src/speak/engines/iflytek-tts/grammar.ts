import { type Json, objectIn } from '#upstream/iflytek.ts';

/** A sentence as iFlytek is told it; `pace` is 0 to 100. */
export interface Order {
  readonly text: string;
  readonly voice: string;
  readonly pace: number;
}

/** Sound in base64, or `null` where a message holds none, and whether it is the last. */
export interface Read {
  readonly audio: unknown;
  readonly ended: boolean;
}

/** One of the two ways to have iFlytek speak. */
export interface Grammar {
  readonly address: string;
  readonly sampleRateHz: number;
  /** The longest text of one session, in bytes of UTF-8. */
  readonly maxBytes: number;
  frames(order: Order, appId: string): readonly object[];
  read(message: Json): Read;
}

const LAST = 2;
const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** Synthesis, version 2. Source: `TtsClient.java` in iFLYTEK-OP/websdk-java; the limit is of the vendor's documentation. */
export const TTS: Grammar = {
  address: 'wss://tts-api.xfyun.cn/v2/tts',
  sampleRateHz: 16_000,
  maxBytes: 7_999,
  frames: ({ text, voice, pace }, app_id) => [
    {
      common: { app_id },
      business: {
        aue: 'raw',
        auf: 'audio/L16;rate=16000',
        vcn: voice,
        speed: pace,
        volume: 50,
        pitch: 50,
        tte: 'UTF8',
      },
      data: { status: LAST, text: base64(text) },
    },
  ],
  read(message) {
    const { audio, status } = objectIn(message.data);
    return { audio: audio ?? null, ended: Number(status) === LAST };
  },
};

/**
 * The super-humanlike synthesis. A text goes out clause by clause, as it may while it is being written; it is said as it
 * stands, without the fillers the service would put in. Source: `OralClient.java` in iFLYTEK-OP/websdk-java.
 */
export const ORAL_TTS: Grammar = {
  address: 'wss://cbm01.cn-huabei-1.xf-yun.com/v1/private/mcd9m97e6',
  sampleRateHz: 24_000,
  // 8000 bytes of base64.
  maxBytes: 6_000,
  frames({ text, voice, pace }, app_id) {
    const clauses = text.match(/[^，。！？；,.!?;]+[，。！？；,.!?;]*\s*|[，。！？；,.!?;]+/g) ?? [text];
    return clauses.map((clause, seq) => {
      const status = seq === clauses.length - 1 ? LAST : seq === 0 ? 0 : 1;
      return {
        header: { app_id, status },
        ...(seq === 0 ? { parameter: parameterOf(voice, pace) } : {}),
        payload: {
          text: { encoding: 'utf8', compress: 'raw', format: 'plain', status, seq, text: base64(clause) },
        },
      };
    });
  },
  read(message) {
    const { audio, status } = objectIn(objectIn(message.payload).audio);
    return { audio: audio ?? null, ended: [status, objectIn(message.header).status].some((is) => Number(is) === LAST) };
  },
};

function parameterOf(vcn: string, speed: number): object {
  const audio = { encoding: 'raw', sample_rate: 24_000, channels: 1, bit_depth: 16, frame_size: 0 };
  return {
    oral: { oral_level: 'mid', spark_assist: 1, stop_split: 0, remain: 1 },
    tts: { vcn, speed, volume: 50, pitch: 50, bgs: 0, reg: 0, rdn: 0, rhy: 0, audio },
  };
}
