import { httpCase } from '../cases.ts';
import { json, type Reply } from '../reply.ts';
import { check, type Request, type Running } from '../server.ts';
import { checkField, mustHaveKey, NEVER_RETRY, REFUSALS, refusal } from './key.ts';
import { asWav, inPieces, spokenTone } from './spoken.ts';

const FORMATS = ['mp3', 'opus', 'aac', 'flac', 'wav', 'pcm'];
const MAX_CHARS = 4096;

/** `POST /audio/speech`: checks every field and answers with a tone as long as the text, as bytes or as events. */
export function speak(request: Request, server: Running): Reply {
  mustHaveKey(request);
  check(request.headers['content-type'] === 'application/json', 'content-type');
  const body = request.json();
  const { play } = request;
  if (play === 'no-speed' && body.speed !== undefined) return refusal(400, 'speed is not supported by this model.');
  if (play === 'no-pcm' && body.response_format === 'pcm') {
    return json({ detail: [{ loc: ['body', 'response_format'], msg: "Input should be 'wav' or 'mp3'" }] }, 422);
  }
  const { input, voice, speed, format, events } = checkBody(body);
  if (play === 'never-retry') return NEVER_RETRY;
  const pcm = spokenTone(input, voice, speed);
  // vLLM-Omni gives WAV where nothing else is asked for, some servers whatever is asked for.
  const isWav =
    format === 'wav' || play === 'always-wav' || (body.response_format === undefined && server.switchedOn.has('vllm'));
  const sound = isWav ? asWav(pcm) : pcm;
  const good =
    events || play.startsWith('speech-events')
      ? eventsOf(sound, isWav, play)
      : bytesOf(sound, isWav ? 'wav' : format, play);
  return httpCase(play, good, { ...REFUSALS, filteredOutput: REFUSALS.failedMidway }) ?? good;
}

function checkBody(body: Readonly<Record<string, unknown>>) {
  const known = ['model', 'input', 'voice', 'instructions', 'response_format', 'speed', 'stream_format'];
  for (const name of Object.keys(body)) checkField(known.includes(name), name, 'unknown parameter');
  const { model, input, speed = 1, response_format: format = 'mp3', stream_format = 'audio', instructions = '' } = body;
  checkField(typeof model === 'string' && model !== '', 'model', 'missing');
  checkField(typeof input === 'string' && input.trim() !== '', 'input', 'missing');
  checkField([...input].length <= MAX_CHARS, 'input', 'longer than 4096 characters');
  const named = body.voice as { readonly id?: unknown } | string | undefined;
  const voice = typeof named === 'object' ? named?.id : named;
  checkField(typeof voice === 'string' && voice !== '', 'voice', 'missing');
  checkField(typeof speed === 'number' && speed >= 0.25 && speed <= 4, 'speed', 'out of range');
  checkField(typeof format === 'string' && FORMATS.includes(format), 'response_format', 'unknown');
  checkField(instructions === '' || !/^tts-1/.test(model), 'instructions', 'not with this model');
  checkField(
    stream_format === 'audio' || (stream_format === 'sse' && !/^tts-1/.test(model)),
    'stream_format',
    'not with this model',
  );
  return { input, voice, speed, format, events: stream_format === 'sse' };
}

/** A mark of each compressed format; what follows it is never played here. */
const BEGINNINGS: Readonly<Record<string, Buffer>> = {
  mp3: Buffer.from('ID3\u0004', 'latin1'),
  opus: Buffer.from('OggS'),
  flac: Buffer.from('fLaC'),
  aac: Buffer.from([0xff, 0xf1]),
};

function bytesOf(sound: Buffer, format: string, play: string): Reply {
  const kind = play === 'speech-mp3' ? 'mp3' : format;
  const headers = { 'content-type': kind === 'pcm' ? 'audio/pcm' : kind === 'mp3' ? 'audio/mpeg' : `audio/${kind}` };
  if (play === 'speech-json') return json({ error: { message: 'No voice could be loaded.', type: 'server_error' } });
  if (play === 'speech-odd') return { headers, pieces: [...inPieces(sound), Uint8Array.of(1)] };
  const beginning = BEGINNINGS[kind];
  return { headers, pieces: beginning ? [beginning, ...inPieces(sound)] : inPieces(sound) };
}

/** OpenAI's events; vLLM-Omni names each in a line of its own and ends with `[DONE]` or nothing. */
function eventsOf(sound: Buffer, isWav: boolean, play: string): Reply {
  const event = (json: { readonly type: string }) =>
    play === 'speech-events-named' || play === 'speech-events-error'
      ? `event: ${json.type}\ndata: ${JSON.stringify(json)}\n\n`
      : `data: ${JSON.stringify(json)}\n\n`;
  const deltas = inPieces(sound.toString('base64')).map((audio) =>
    event(
      Object.assign(
        { type: 'speech.audio.delta', audio },
        play === 'speech-events-named' ? { response_format: isWav ? 'wav' : 'pcm' } : {},
      ),
    ),
  );
  const headers = { 'content-type': 'text/event-stream' };
  const half = deltas.slice(0, 2);
  if (play === 'speech-events-error') {
    return {
      headers,
      pieces: [...half, event(Object.assign({ type: 'speech.audio.error' }, { error: 'CUDA out of memory' }))],
    };
  }
  if (play === 'speech-events-cut') return { headers, pieces: half };
  const usage = { input_tokens: 3, output_tokens: 30, total_tokens: 33 };
  return { headers, pieces: [...deltas, event(Object.assign({ type: 'speech.audio.done' }, { usage }))] };
}
