import type { z } from 'zod';
import type { Exchange } from './recorder.ts';
import {
  ApiError,
  ChatChunk,
  ChatCompletion,
  Embeddings,
  Model,
  Models,
  SpeechEvent,
  Transcription,
  TranscriptionEvent,
  Translation,
  VerboseTranscription,
  Voices,
} from './shapes.ts';

/** What is wrong with one answer's shape, a sentence each; nothing when it is as OpenAI's document has it. */
export function problemsOf(exchange: Exchange): readonly string[] {
  const { method, status, headers, body, cut } = exchange;
  const path = exchange.path.split('?')[0] ?? '';
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim() ?? '';
  if (status >= 500) return [`status ${status}`];
  if (!headers['x-request-id']) return ['no x-request-id'];
  if (status >= 400) {
    if (status === 429 && !/^\d+$/.test(headers['retry-after'] ?? '')) return ['429 without Retry-After'];
    return [...wanted(type, 'application/json'), ...against(ApiError, json(body))];
  }
  if (type === 'text/event-stream') return eventProblems(path, body.toString('utf8'), cut, exchange.requestBody);
  if (cut) return [];
  const asked = exchange.requestBody.toString('latin1');
  switch (`${method} ${path}`) {
    case 'POST /v1/chat/completions':
      return [...wanted(type, 'application/json'), ...against(ChatCompletion, json(body))];
    case 'POST /v1/audio/transcriptions':
    case 'POST /v1/audio/translations':
      return transcriptionProblems(path, formField(asked, 'response_format') ?? 'json', type, body);
    case 'POST /v1/audio/speech':
      return body.length > 0 && type.startsWith('audio/') ? [] : [`speech of ${body.length} bytes as ${type}`];
    case 'POST /v1/embeddings':
      return [...wanted(type, 'application/json'), ...embeddingProblems(body, asked)];
    case 'GET /v1/models':
      return against(Models, json(body));
    case 'GET /v1/audio/voices':
      return against(Voices, json(body));
    default:
      return path.startsWith('/v1/models/') ? against(Model, json(body)) : [`no shape is known for ${method} ${path}`];
  }
}

function wanted(type: string, expected: string): string[] {
  return type === expected ? [] : [`content type ${type}, not ${expected}`];
}

/** The value of a text field in a multipart form. */
function formField(form: string, name: string): string | undefined {
  return new RegExp(`name="${name}"(?:\\r\\n[^\\r]+)*\\r\\n\\r\\n([^\\r]*)\\r\\n`).exec(form)?.[1];
}

function embeddingProblems(body: Buffer, asked: string): string[] {
  const answer = json(body);
  const problems = against(Embeddings, answer);
  if (problems.length > 0) return problems;
  const inBase64 = JSON.parse(asked).encoding_format === 'base64';
  const { data } = Embeddings.parse(answer);
  return data.every(({ embedding }) => (typeof embedding === 'string') === inBase64)
    ? []
    : ['the other encoding_format'];
}

function transcriptionProblems(path: string, format: string, type: string, body: Buffer): string[] {
  const text = body.toString('utf8');
  switch (format) {
    case 'json':
      return [
        ...wanted(type, 'application/json'),
        ...against(path.endsWith('translations') ? Translation : Transcription, json(body)),
      ];
    case 'verbose_json':
      return [...wanted(type, 'application/json'), ...against(VerboseTranscription, json(body))];
    case 'text':
      return /\S.*\n$/s.test(text) && !text.startsWith('{')
        ? wanted(type, 'text/plain')
        : ['text is not as documented'];
    case 'srt':
      return /^1\n\d\d:\d\d:\d\d,\d{3} --> \d\d:\d\d:\d\d,\d{3}\n\S/.test(text) ? [] : ['srt is not as documented'];
    case 'vtt':
      return /^WEBVTT\n\n(?:\d\d:)?\d\d:\d\d\.\d{3} --> /.test(text) ? [] : ['vtt is not as documented'];
    default:
      return [`a format of no shape: ${format}`];
  }
}

function eventProblems(path: string, text: string, cut: boolean, requestBody: Buffer): readonly string[] {
  const whole = cut ? text.slice(0, text.lastIndexOf('\n\n') + 1) : text;
  const events = whole
    .split('\n\n')
    .map((block) => block.split('\n').filter((line) => line !== '' && !line.startsWith(':')))
    .filter((lines) => lines.length > 0);
  const odd = events.filter((lines) => lines.length !== 1 || !lines[0]?.startsWith('data: '));
  if (odd.length > 0) return [`${odd.length} events that are not one line of data`];
  const data = events.map(([line = '']) => line.slice('data: '.length));
  switch (path) {
    case '/v1/chat/completions':
      return chunkProblems(data, cut, requestBody);
    case '/v1/audio/transcriptions':
      return listProblems(TranscriptionEvent, data, 'transcript.text.done', cut);
    case '/v1/audio/speech':
      return listProblems(SpeechEvent, data, 'speech.audio.done', cut);
    default:
      return [`events at ${path}`];
  }
}

function listProblems(schema: z.ZodType, data: readonly string[], last: string, cut: boolean): readonly string[] {
  const events = data.map((line) => json(line));
  const problems = events.flatMap((event) => against(schema, event));
  const types = events.map((event) => (event as { type?: unknown } | undefined)?.type);
  if (!cut && types.indexOf(last) !== types.length - 1) problems.push(`${last} is not the last event`);
  if (!cut && types.length < 2) problems.push('no event before the last');
  return problems;
}

/** The rules of a whole chat stream: what begins it, what ends it, and what stays the same throughout. */
function chunkProblems(data: readonly string[], cut: boolean, requestBody: Buffer): readonly string[] {
  const { stream_options: options, sensorium: ours } = JSON.parse(requestBody.toString('utf8'));
  const lines = data.filter((line) => line !== '[DONE]');
  const problems = lines.flatMap((line) => against(ChatChunk, json(line)));
  if (problems.length > 0) return problems;
  const chunks = lines.map((line) => ChatChunk.parse(json(line)));
  const must = (holds: boolean, problem: string) => holds || problems.push(problem);
  const spoken = chunks.filter(({ choices }) => choices.length > 0);
  must(new Set(chunks.map(({ id }) => id)).size <= 1, 'chunks of several ids');
  must(new Set(chunks.map(({ created }) => created)).size <= 1, 'chunks of several times');
  must(
    spoken.every(({ choices }, at) => (choices[0]?.delta.role === 'assistant') === (at === 0)),
    'role is not in the first delta alone',
  );
  if (cut) return problems;
  must(data.indexOf('[DONE]') === data.length - 1 && data.length > 1, 'no [DONE] at the end');
  const ends = spoken.filter(({ choices }) => choices[0]?.finish_reason);
  must(ends.length === 1 && ends[0] === spoken.at(-1), 'finish_reason is not in the last choice alone');
  const last = chunks.at(-1);
  must(last?.sensorium !== undefined && 'ledger' in last.sensorium, 'no ledger on the last chunk');
  if (!ours?.stream_events) {
    must(
      chunks.filter(({ sensorium }) => sensorium !== undefined).length === 1,
      'events of ours that nobody asked for',
    );
  }
  if (options?.include_usage) {
    must(last?.choices.length === 0 && Boolean(last.usage), 'no usage on a last chunk without choices');
    must(
      chunks.slice(0, -1).every(({ usage }) => usage === null),
      'usage is not null before the last chunk',
    );
  } else {
    must(
      chunks.every(({ usage }) => usage === undefined),
      'usage that nobody asked for',
    );
    must(ours?.stream_events || spoken.length === chunks.length, 'chunks without choices');
  }
  return problems;
}

function against(schema: z.ZodType, value: unknown): string[] {
  if (value === undefined) return ['no JSON'];
  const result = schema.safeParse(value);
  return result.success
    ? []
    : result.error.issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`);
}

function json(text: string | Buffer): unknown {
  try {
    return JSON.parse(text.toString('utf8'));
  } catch {
    return undefined;
  }
}
