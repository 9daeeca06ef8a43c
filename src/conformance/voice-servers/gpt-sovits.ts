import { wavHeader } from '#kit/pcm.ts';
import { json, type Reply } from '../reply.ts';
import { type ConformanceServer, check, type Request } from '../server.ts';
import { tone } from '../sound.ts';

const LANGUAGES = ['auto', 'auto_yue', 'en', 'zh', 'ja', 'yue', 'ko', 'all_zh', 'all_ja', 'all_yue', 'all_ko'];
const FIELDS =
  'text text_lang ref_audio_path aux_ref_audio_paths prompt_lang prompt_text top_k top_p temperature text_split_method batch_size batch_threshold split_bucket speed_factor fragment_interval seed media_type streaming_mode parallel_infer repetition_penalty sample_steps super_sampling overlap_length min_chunk_length'.split(
    ' ',
  );
const MS_PER_CHARACTER = 70;

const refusal = (message: string): Reply => json({ message }, 400);

function speak(request: Request): Reply {
  check(request.headers['content-type'] === 'application/json', 'content-type');
  const body = request.json();
  for (const name of Object.keys(body)) check(FIELDS.includes(name), `unknown field ${name}`);
  const { text, ref_audio_path: reference, speed_factor: speed = 1, media_type: type = 'wav' } = body;
  check(typeof reference === 'string' && reference !== '', 'ref_audio_path', refusal('ref_audio_path is required'));
  check(typeof text === 'string' && text !== '', 'text', refusal('text is required'));
  for (const name of ['text_lang', 'prompt_lang']) {
    check(
      LANGUAGES.includes(String(body[name]).toLowerCase()),
      name,
      refusal(`${name}: ${String(body[name])} is not supported`),
    );
  }
  check(type === 'wav', 'media_type is not wav');
  check(typeof speed === 'number' && speed > 0, 'speed_factor');
  check([true, false, 0, 1, 2, 3].includes(body.streaming_mode as boolean), 'streaming_mode');
  if (request.play === 'no-reference') {
    return json({ message: 'tts failed', Exception: `[Errno 2] No such file or directory: '${reference}'` }, 400);
  }
  const rateHz = request.play === 'version-4' ? 48_000 : 32_000;
  const pitchHz = 200 + ([...reference].reduce((sum, character) => sum + (character.codePointAt(0) ?? 0), 0) % 300);
  const pcm = tone(([...text].length * MS_PER_CHARACTER) / speed, rateHz, pitchHz);
  // Streamed, it writes a header for no samples first, and then the samples.
  const half = Math.floor(pcm.length / 2) | 1;
  return {
    headers: { 'content-type': 'audio/wav' },
    pieces: [wavHeader(rateHz, 0), pcm.subarray(0, half), pcm.subarray(half)],
  };
}

/** GPT-SoVITS' second API (RVC-Boss/GPT-SoVITS `api_v2.py`, 0235857). */
export const gptSovitsConformance: ConformanceServer = {
  name: 'gpt-sovits',
  about: 'GPT-SoVITS: a recording on the server as a voice, a streamed WAV out',
  cases: {
    'version-4': 'the fourth version speaks at 48 kHz',
    'no-reference': 'the recording is not on the server',
  },
  configure: (origin) => ({ providers: { 'gpt-sovits': { baseUrl: origin } } }),
  routes: { 'POST /tts': speak },
};
