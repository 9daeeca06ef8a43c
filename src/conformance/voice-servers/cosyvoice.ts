import { json, type Reply } from '../reply.ts';
import { type ConformanceServer, check, type Request } from '../server.ts';
import { tone } from '../sound.ts';

const VOICES = ['中文女', '中文男', '日语男', '粤语女', '英文女', '英文男', '韩语女'];
const RATE_HZ = 22_050;
const MS_PER_CHARACTER = 70;

function speak(request: Request): Reply {
  check(request.headers['content-type'] === 'application/x-www-form-urlencoded', 'content-type');
  const form = new URLSearchParams(request.bytes.toString('utf8'));
  for (const name of form.keys()) check(['tts_text', 'spk_id'].includes(name), `unknown field ${name}`);
  const [text, voice] = [form.get('tts_text') ?? '', form.get('spk_id') ?? ''];
  const missing = { detail: [{ loc: ['body', 'tts_text'], msg: 'Field required', type: 'missing' }] };
  check(text !== '' && voice !== '', 'tts_text or spk_id is missing', json(missing, 422));
  // A speaker it does not know is a KeyError, which FastAPI answers so.
  if (!VOICES.includes(voice))
    return { status: 500, headers: { 'content-type': 'text/plain' }, pieces: ['Internal Server Error'] };
  const says = request.play === 'says-rate';
  const rateHz = says ? 24_000 : RATE_HZ;
  const pcm = tone([...text].length * MS_PER_CHARACTER, rateHz, 200 + VOICES.indexOf(voice) * 30);
  const half = Math.floor(pcm.length / 2) | 1;
  const pieces = [pcm.subarray(0, half), pcm.subarray(half)];
  if (request.play === 'broken') return { pieces: pieces.slice(0, 1), ending: 'reset' };
  return { headers: says ? { 'X-Custom-Header-sampleRate': String(rateHz) } : {}, pieces };
}

/** CosyVoice's FastAPI server (FunAudioLLM/CosyVoice `runtime/python/fastapi/server.py`, 0a6dbb3): `/inference_sft`. */
export const cosyVoiceConformance: ConformanceServer = {
  name: 'cosyvoice',
  about: 'CosyVoice’s own server: a form in, headerless PCM out',
  cases: {
    'says-rate': 'it says its rate in a header, as some of its servers do',
    broken: 'the connection breaks in the middle of the sound',
  },
  configure: (origin) => ({ providers: { cosyvoice: { baseUrl: origin } } }),
  routes: { 'POST /inference_sft': speak },
};
