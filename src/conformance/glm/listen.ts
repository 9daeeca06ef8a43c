import { httpCase } from '../cases.ts';
import { events, json, type Reply } from '../reply.ts';
import { check, Fault, type Request, type Running } from '../server.ts';
import { measureSound } from '../sound.ts';
import { GLM_REFUSALS } from './chat.ts';
import { refusal, refusedCase } from './errors.ts';
import { checkKey } from './key.ts';
import { base64, secondsIn } from './parts.ts';

const FIELDS = ['file', 'file_base64', 'model', 'prompt', 'hotwords', 'stream', 'request_id', 'user_id'];
const MAX_BYTES = 25_000_000;
const LEAST_MS = 200;
const MOST_MS = 30_000;
const MOST_HOTWORDS = 100;
const MOST_PROMPT_CHARS = 8_000;

export const LISTEN_CASES: Readonly<Record<string, string>> = {
  'no-transcript': 'G9: a good answer that is no transcript',
};

const BASE = { id: '202611261000madeup', created: 1_790_000_000, model: 'glm-asr-2512' };

/** Transcribes as GLM-ASR does: what it says names the length of what it was sent. */
export async function listen(request: Request, { switchedOn }: Running): Promise<Reply> {
  checkKey(request);
  const form = await formIn(request);
  for (const field of form.keys()) check(FIELDS.includes(field), `the field ${field}`, refusal(1210));
  check(form.get('model') === 'glm-asr-2512', `a model called ${form.get('model')}`, refusal(1211));
  const hotwords = form.getAll('hotwords');
  check(hotwords.length <= MOST_HOTWORDS, `${hotwords.length} hotwords`, refusal(1210));
  check(
    hotwords.every((word) => String(word).trim() !== ''),
    'an empty hotword',
    refusal(1210),
  );
  check([...String(form.get('prompt') ?? '')].length < MOST_PROMPT_CHARS, 'a prompt that is too long', refusal(1261));
  const stream = form.get('stream') ?? 'false';
  check(stream === 'true' || stream === 'false', 'stream', refusal(1210));
  const bytes = await soundIn(form);
  check(bytes.length <= MAX_BYTES, `a file of ${bytes.length} bytes`, refusal(1210));
  const sound = measureSound(bytes);
  check(sound, 'a file that is neither WAV nor MP3', refusal(1210));
  const { durationMs } = sound;
  check(durationMs > LEAST_MS && durationMs <= MOST_MS, `${durationMs} ms of sound`, refusal(1210));
  return (
    refusedCase(request.play) ??
    answer(`这段录音长${secondsIn(durationMs)}秒。`, stream === 'true', request, switchedOn)
  );
}

function answer(text: string, stream: boolean, { play }: Request, switchedOn: Running['switchedOn']): Reply {
  const good = events([
    ...[...text].map((delta) => ({ ...BASE, type: 'transcript.text.delta', delta })),
    { ...BASE, type: 'transcript.text.done' },
    '[DONE]',
  ]);
  if (play === 'no-transcript') return json({ ...BASE, choices: [] });
  const special = httpCase(play, good, GLM_REFUSALS);
  if (special) return special;
  if (stream && !switchedOn.has('transcripts-whole')) return good;
  return json({ ...BASE, request_id: 'made-up-request', text });
}

async function formIn({ bytes, headers }: Request): Promise<FormData> {
  const type = headers['content-type'] ?? '';
  check(/^multipart\/form-data; ?boundary=/.test(type), 'content-type', refusal(1210));
  try {
    return await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData();
  } catch {
    throw new Fault('a form that cannot be read', refusal(1210));
  }
}

/** Of the two ways in, the file counts where both are used. */
async function soundIn(form: FormData): Promise<Buffer> {
  const file = form.get('file');
  if (file === null) return base64(form.get('file_base64'), 'file_base64');
  check(typeof file !== 'string', 'file that has no name', refusal(1210));
  check(/\.(?:wav|mp3)$/.test(file.name), `a file called ${file.name}`, refusal(1210));
  return Buffer.from(await file.arrayBuffer());
}
