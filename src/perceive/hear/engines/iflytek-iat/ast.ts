import { createHmac, randomUUID } from 'node:crypto';
import { objectIn, objectsIn, type Secrets } from '#upstream/iflytek.ts';
import type { Dictated, Grammar } from './grammar.ts';
import { wordsIn } from './wpgs.ts';

const BEIJING_MS = 8 * 3_600_000;

/**
 * The large model that knows Chinese dialects: sound in binary, results as segments. Source: `recognition.py` of
 * `xfyun_asr_dialect_python` in TEN-framework/ten-framework, a client; what ends a session, and which results are final, is
 * inferred from it.
 */
export const AST: Grammar = {
  address: 'wss://office-api-ast-dx.iflyaisol.com/ast/communicate/v1',
  languages: ['zh'],
  takesPrompt: false,
  sign: signedByQuery,
  endsWhenClosed: true,
  frame: (sound, { status }) => (status === 2 ? { end: true } : sound),
  read(message, session) {
    const data = objectIn(message.data);
    if (message.msg_type === 'action') {
      session.check(data);
      return { result: null, ended: data.action === 'end' };
    }
    const isResult = message.msg_type === 'result' && message.res_type === 'asr';
    return isResult ? { result: data, ended: data.ls === true } : { result: null, ended: false };
  },
  dictated: segments,
};

/** Puts segments together: those of type 0 stay, any other is what the next one will say better. */
function segments(): Dictated {
  let [settled, passing] = ['', ''];
  return {
    take(result) {
      const st = objectIn(objectIn(result.cn).st);
      const words = objectsIn(st.rt).map(wordsIn).join('');
      const isFinal = Number(st.type) === 0;
      if (isFinal) settled += words;
      passing = isFinal ? '' : words;
    },
    get text() {
      return settled + passing;
    },
  };
}

/** An address with HMAC-SHA1 over its own query, sorted by name. `date` is told in Beijing's time. */
export function signedByQuery(url: URL, { appId, apiKey, apiSecret }: Secrets, date: Date, uuid = randomUUID()): URL {
  const query: Readonly<Record<string, string>> = {
    accessKeyId: apiKey,
    appId,
    audio_encode: 'pcm',
    lang: 'autodialect',
    samplerate: '16000',
    utc: `${new Date(date.getTime() + BEIJING_MS).toISOString().slice(0, 19)}+0800`,
    uuid,
  };
  const pairs = Object.entries(query).sort(([one], [other]) => (one < other ? -1 : 1));
  const text = pairs.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
  const signature = createHmac('sha1', apiSecret).update(text).digest('base64');
  const signed = new URL(url);
  signed.search = `${text}&signature=${encodeURIComponent(signature)}`;
  return signed;
}
