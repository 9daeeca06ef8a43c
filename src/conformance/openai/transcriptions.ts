import { httpCase } from '../cases.ts';
import { type Form, readForm } from '../multipart.ts';
import { events, json, type Reply } from '../reply.ts';
import { check, type Request, type Running } from '../server.ts';
import { measureSound } from '../sound.ts';
import { checkField, mustHaveKey, NEVER_RETRY, REFUSALS, refusal } from './key.ts';
import { type Heard, jsonOf, plainOf, streamOf } from './transcripts.ts';

const FIELDS =
  /^(?:model|language|prompt|response_format|temperature|stream|chunking_strategy|(?:languages|keywords|include|timestamp_granularities|known_speaker_(?:names|references))(?:\[\])?)$/;
const SUFFIXES = /\.(?:flac|mp3|mp4|mpeg|mpga|m4a|ogg|wav|webm)$/i;
const MAX_BYTES = 25 * 2 ** 20;
const DIARIZE_ALONE_MS = 30_000;

/** The formats each of OpenAI's models gives; models it has never heard of are taken for a self-hosted Whisper. */
function formatsOf(model: string): readonly string[] {
  if (/diarize/.test(model)) return ['json', 'text', 'diarized_json'];
  return /^gpt-/.test(model) ? ['json'] : ['json', 'text', 'srt', 'verbose_json', 'vtt'];
}

/** What is refused in each case, by the name of a field, as servers word it that lack it. */
const LACKING: Readonly<Record<string, (form: Form) => Reply | null>> = {
  'no-verbose': (form) =>
    form.one('response_format') === 'verbose_json'
      ? refusal(400, "response_format 'verbose_json' is not supported with this model.", { param: 'response_format' })
      : null,
  'no-granularities': (form) =>
    form.all('timestamp_granularities').length > 0 ? refusal(400, 'timestamp_granularities is not supported.') : null,
  'no-prompt': (form) => (form.one('prompt') === undefined ? null : refusal(400, 'prompt is not supported.')),
  'no-language': (form) =>
    form.one('language') === undefined
      ? null
      : json({ detail: [{ loc: ['body', 'language'], msg: 'Input should be a known language', type: 'enum' }] }, 422),
  'no-logprobs': (form) =>
    form.all('include').length > 0 ? refusal(400, "Unknown parameter: 'include'.", { param: 'include' }) : null,
};

/** `POST /audio/transcriptions`: checks the form, measures the sound, and says how long it was in the format asked for. */
export function transcribe(request: Request, server: Running): Reply {
  mustHaveKey(request);
  const form = readForm(request.headers['content-type'], request.bytes);
  const lacking = LACKING[request.play]?.(form);
  if (lacking) return lacking;
  const heard = checkForm(form);
  if (request.play === 'never-retry') return NEVER_RETRY;
  const streams = form.one('stream') === 'true' && heard.model !== 'whisper-1';
  if (request.play === 'transcript-events') return events(streamOf(heard, 'openai'));
  if (request.play === 'transcription-chunks') return events(streamOf(heard, 'vllm'));
  if (request.play === 'not-a-transcript') return json({ status: 'ok' });
  const format = form.one('response_format') ?? 'json';
  const good = streams ? events(streamOf(heard, 'openai')) : answerIn(format, heard, request.play, server);
  return httpCase(request.play, good, { ...REFUSALS, filteredOutput: REFUSALS.failedMidway }) ?? good;
}

function answerIn(format: string, heard: Heard, play: string, server: Running): Reply {
  if (['text', 'srt', 'vtt'].includes(format)) {
    return { headers: { 'content-type': 'text/plain; charset=utf-8' }, pieces: [plainOf(format, heard)] };
  }
  const vllm = server.switchedOn.has('vllm');
  return json(jsonOf(format, heard, { vllm, placeholders: play === 'placeholder-figures' }));
}

function checkForm(form: Form): Heard {
  check(
    form.one('file') === undefined,
    'the file is a text field',
    json({ detail: [{ loc: ['body', 'file'], msg: 'Expected UploadFile' }] }, 422),
  );
  for (const [name, value] of form.fields) {
    checkField(FIELDS.test(name), name, 'unknown parameter');
    checkField(value !== '' || name === 'prompt', name, 'empty');
  }
  const { file } = form.files;
  checkField(file && Object.keys(form.files).length === 1, 'file', 'missing, or there are others');
  checkField(SUFFIXES.test(file.filename) && file.mimeType !== '', 'file', 'no name or type that is known');
  checkField(file.bytes.length <= MAX_BYTES, 'file', 'larger than 25 MB');
  const sound = measureSound(file.bytes);
  checkField(sound || !/\.(?:wav|mp3)$/i.test(file.filename), 'file', 'corrupted or unsupported');
  const model = form.one('model');
  checkField(model, 'model', 'missing');
  const format = form.one('response_format') ?? 'json';
  checkField(
    formatsOf(model).includes(format),
    'response_format',
    `'${format}' is not compatible with model '${model}'`,
  );
  const granularities = form.all('timestamp_granularities');
  checkField(
    granularities.every((one) => one === 'word' || one === 'segment'),
    'timestamp_granularities',
    'unknown',
  );
  checkField(
    granularities.length === 0 || format === 'verbose_json',
    'timestamp_granularities',
    'only with verbose_json',
  );
  const include = form.all('include');
  const measures = /^gpt-4o(?:-mini)?-transcribe(?!-diarize)/.test(model) && format === 'json';
  checkField(
    include.length === 0 || (include.join() === 'logprobs' && measures),
    'include',
    'logprobs, with json and gpt-4o(-mini)-transcribe only',
  );
  const diarizes = /diarize/.test(model);
  const mayCut = form.one('chunking_strategy');
  checkField(!diarizes || form.one('prompt') === undefined, 'prompt', 'not with this model');
  checkField(
    !diarizes || mayCut || (sound?.durationMs ?? 0) <= DIARIZE_ALONE_MS,
    'chunking_strategy',
    'needed over 30 s',
  );
  checkField(
    mayCut === undefined || mayCut === 'auto' || /^\{.*"server_vad".*\}$/s.test(mayCut),
    'chunking_strategy',
    'unknown',
  );
  const names = form.all('known_speaker_names');
  const references = form.all('known_speaker_references');
  checkField(
    names.length === references.length && names.length <= 4,
    'known_speaker_names',
    'at most four, each with its reference',
  );
  checkField(
    references.every((one) => one.startsWith('data:audio/')),
    'known_speaker_references',
    'not data URLs',
  );
  checkField(/^[a-z]{2,3}$/.test(form.one('language') ?? 'en'), 'language', 'not ISO 639');
  const temperature = Number(form.one('temperature') ?? 0);
  checkField(temperature >= 0 && temperature <= 1, 'temperature', 'out of range');
  checkField(/^(?:true|false)$/.test(form.one('stream') ?? 'false'), 'stream', 'neither true nor false');
  return {
    model,
    durationMs: sound?.durationMs ?? null,
    sizeBytes: file.bytes.length,
    language: form.one('language'),
    wordTimes: granularities.includes('word'),
    segments: granularities.length === 0 || granularities.includes('segment'),
    logprobs: include.length > 0,
  };
}
