import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { PipelineEvent } from '#contract/events.ts';
import { type Loss, lossOf } from '#contract/loss.ts';
import type { Transcript } from '#contract/perception.ts';
import { formatTranscript, logprobsOf, type MediaInput, transcriptAnswer } from '#pipeline/index.ts';
import { readUpload } from '../intake/upload.ts';
import { TranscriptionRequest } from '../schemas/transcription.ts';
import type { Service } from '../service.ts';
import { badField, parsed } from '../wire/bad-request.ts';
import { breakOff } from '../wire/break-off.ts';
import { signalOf } from '../wire/signal.ts';
import { eventStream } from '../wire/sse.ts';

/** OpenAI’s recognisers, so that settings for them go on working: the configured one answers, and says its name. */
const STAND_INS: ReadonlySet<string> = new Set([
  'whisper-1',
  'gpt-transcribe',
  'gpt-4o-transcribe',
  'gpt-4o-mini-transcribe',
  'gpt-4o-mini-transcribe-2025-12-15',
]);

type Task = 'transcribe' | 'translate';

/** `POST /v1/audio/transcriptions` and `/translations`: a recording as text, whole or as it is heard. */
export function addTranscriptions(app: FastifyInstance, service: Service): void {
  const route = (task: Task) => async (request: FastifyRequest, reply: FastifyReply) => {
    const form = await readUpload(request, reply, service);
    try {
      const wanted = parsed(TranscriptionRequest, fieldsOf(form.fields));
      if (!form.file) throw badField('file', 'is missing');
      return await (wanted.stream ? streamed : whole)(
        hearing(task, wanted, form.file, request, service),
        wanted,
        request,
        reply,
        service,
      );
    } finally {
      await form.close();
    }
  };
  app.post('/v1/audio/transcriptions', route('transcribe'));
  app.post('/v1/audio/translations', route('translate'));
}

const LISTS: ReadonlySet<string> = new Set(['include', 'timestamp_granularities']);

/** Form fields as the schema knows them; a field that is there twice and is no list counts with its last value. */
function fieldsOf(fields: ReadonlyMap<string, readonly string[]>): Record<string, unknown> {
  return Object.fromEntries([...fields].map(([name, values]) => [name, LISTS.has(name) ? values : values.at(-1)]));
}

interface Hearing {
  readonly task: Task;
  readonly losses: Loss[];
  readonly story: AsyncIterable<PipelineEvent>;
}

function hearing(
  task: Task,
  wanted: TranscriptionRequest,
  media: MediaInput,
  request: FastifyRequest,
  { sensorium, config, metrics, words }: Service,
): Hearing {
  const { model, language, prompt, temperature } = wanted;
  const losses: Loss[] = [];
  if (temperature) losses.push(ignored('temperature', 'The likeliest words are always taken.'));
  const asked = {
    media,
    model: model === undefined || STAND_INS.has(model) ? config.hear.model : model,
    language,
    prompt,
    task,
    sense: 'hear' as const,
    requestId: request.id,
  };
  async function* story(): AsyncGenerator<PipelineEvent> {
    for await (const event of sensorium.perceive(asked, signalOf(request))) {
      metrics.happened(event);
      if (event.kind === 'loss-noted') losses.push(event.loss);
      if (event.kind === 'part-perceived') words(request.id, { heard: event.perception.text });
      yield event;
    }
  }
  return { task, losses, story: story() };
}

function ignored(option: string, why: string): Loss {
  return lossOf({ kind: 'option-ignored', stage: 'perceive', text: option, message: `${option} was left out. ${why}` });
}

const TYPES = {
  text: 'text/plain; charset=utf-8',
  srt: 'application/x-subrip; charset=utf-8',
  vtt: 'text/vtt; charset=utf-8',
} as const;

async function whole(
  { task, losses, story }: Hearing,
  wanted: TranscriptionRequest,
  request: FastifyRequest,
  reply: FastifyReply,
  _service: Service,
): Promise<FastifyReply> {
  const { response_format: format, include, timestamp_granularities: times } = wanted;
  const options = {
    task,
    logprobs: include.includes('logprobs'),
    words: times.includes('word'),
    segments: times.includes('segment'),
  };
  if (options.logprobs && format !== 'json') throw badField('include', 'with logprobs needs response_format json');
  if (options.words && format !== 'verbose_json')
    throw badField('timestamp_granularities', 'needs response_format verbose_json');
  const transcript = await transcriptOf(story);
  reply.header('sensorium-model', transcript.engine);
  if (losses.length > 0) reply.header('sensorium-losses', [...new Set(losses.map(({ kind }) => kind))].join(', '));
  if (format === 'json' || format === 'verbose_json') {
    return reply.send({
      ...transcriptAnswer(transcript, format, options),
      sensorium: oursOf(transcript, losses, request.id),
    });
  }
  return reply.type(TYPES[format]).send(formatTranscript(transcript, format, options));
}

/** Our one field: what was heard with its doubts, and what was lost. */
function oursOf(transcript: Transcript, losses: readonly Loss[], requestId: string): object {
  const { language, languageSource, engine, words } = transcript;
  const doubts = words.map(({ text, startMs, endMs, confidence, confidenceSource }) => ({
    text,
    startMs,
    endMs,
    confidence,
    confidenceSource,
  }));
  return { request_id: requestId, model: engine, language, languageSource, words: doubts, losses };
}

async function transcriptOf(story: AsyncIterable<PipelineEvent>): Promise<Transcript> {
  let transcript: Transcript | null = null;
  for await (const event of story) {
    if (event.kind === 'part-perceived' && event.perception.kind === 'transcript') transcript = event.perception;
  }
  if (!transcript) throw new Error('Hearing ended without a transcript.');
  return transcript;
}

async function streamed(
  { losses, story }: Hearing,
  wanted: TranscriptionRequest,
  request: FastifyRequest,
  reply: FastifyReply,
  service: Service,
): Promise<FastifyReply> {
  const logprobs = wanted.include.includes('logprobs');
  if (wanted.response_format !== 'json') throw badField('stream', 'needs response_format json');
  const out = eventStream(reply);
  try {
    for await (const event of story) {
      if (event.kind === 'segment-heard') {
        const { delta, segment } = event;
        const measured = logprobs ? { logprobs: logprobsOf(segment.words) } : {};
        if (!out.send(JSON.stringify({ type: 'transcript.text.delta', delta, ...measured }))) await out.room();
      } else if (event.kind === 'part-perceived' && event.perception.kind === 'transcript') {
        const { text, words, durationMs } = event.perception;
        const measured = logprobs ? { logprobs: logprobsOf(words) } : {};
        const usage = { type: 'duration', seconds: durationMs / 1000 };
        const sensorium = oursOf(event.perception, losses, request.id);
        out.send(JSON.stringify({ type: 'transcript.text.done', text, ...measured, usage, sensorium }));
      }
    }
  } catch (error) {
    breakOff(out, error, request.id, service.log);
  } finally {
    if (out.begun) out.end();
  }
  return reply;
}
