import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { fatesOf } from '#contract/error.ts';
import type { PipelineEvent } from '#contract/events.ts';
import { encoderFor, type Listener, soundFormat } from '#pipeline/index.ts';
import { answerRequestOf, type ChatContext, mediaParts } from '../chat/request.ts';
import { spokenReport } from '../chat/sound.ts';
import { chunkWriter } from '../chat/stream.ts';
import { logVectors } from '../chat/vectors.ts';
import { voiceFor } from '../chat/voices.ts';
import { completionOf, reportOf } from '../chat/whole.ts';
import type { JsonBody } from '../intake/json-body.ts';
import { NOT_STORED } from '../load/idempotency.ts';
import { ChatRequest } from '../schemas/chat.ts';
import type { Service } from '../service.ts';
import { tenantOf } from '../shelf/tenant.ts';
import { parsed } from '../wire/bad-request.ts';
import { bodyOf } from '../wire/body.ts';
import { breakOff } from '../wire/break-off.ts';
import { sendOnce } from '../wire/replay.ts';
import { signalOf, stopOf } from '../wire/signal.ts';
import { eventStream } from '../wire/sse.ts';

/** `POST /v1/chat/completions`: an answer to a conversation with media of any kind, as text or spoken, whole or streamed. */
export function addChatCompletions(app: FastifyInstance, service: Service): void {
  app.post('/v1/chat/completions', async (request, reply) => {
    const body = bodyOf(request);
    try {
      const wanted = parsed(ChatRequest, body.json);
      try {
        return await (wanted.stream ? streamed : whole)(wanted, body, request, reply, service);
      } catch (error) {
        throw withFates(error, wanted);
      }
    } finally {
      await body.close();
    }
  });
}

async function whole(
  wanted: ChatRequest,
  body: JsonBody,
  request: FastifyRequest,
  reply: FastifyReply,
  service: Service,
) {
  const { replays, spoken } = service;
  const format = wanted.modalities?.includes('audio') && wanted.audio ? soundFormat(wanted.audio.format) : null;
  if (format) await encoderFor(format);
  return sendOnce(request, reply, replays, body, async () => {
    const listen = (onEvent: (event: PipelineEvent) => void) =>
      answered(wanted, body, request, service, { hear: onEvent, room: async () => {} });
    if (!format) return JSON.stringify(completionOf(await reportOf(listen), null, spoken));
    const { report, sound } = await spokenReport(listen, format, signalOf(request));
    return JSON.stringify(completionOf(report, sound, spoken));
  });
}

async function streamed(
  wanted: ChatRequest,
  body: JsonBody,
  request: FastifyRequest,
  reply: FastifyReply,
  service: Service,
) {
  const out = eventStream(reply, request.headers['idempotency-key'] === undefined ? {} : NOT_STORED);
  const linesOf = chunkWriter({
    model: wanted.model ?? service.config.ask.model,
    requestId: request.id,
    includeUsage: wanted.stream_options?.include_usage ?? false,
    showEvents: wanted.sensorium?.stream_events ?? false,
    spoken: service.spoken,
  });
  try {
    await answered(wanted, body, request, service, {
      hear(event) {
        for (const line of linesOf(event)) out.send(line);
      },
      room: out.room,
    });
    out.send('[DONE]');
  } catch (error) {
    breakOff(out, withFates(error, wanted), request.id, service.log);
  } finally {
    if (out.begun) out.end();
  }
  return reply;
}

/** Runs the story of this request, with everything in it counted. */
function answered(
  wanted: ChatRequest,
  body: JsonBody,
  request: FastifyRequest,
  service: Service,
  { hear, room }: Listener,
): Promise<void> {
  const { sensorium, config, metrics, spoken, words } = service;
  const context: ChatContext = {
    mediumOf: body.mediumOf,
    spoken,
    tenant: tenantOf(request),
    defaults: { speed: config.speak.speed, maxParts: config.server.maxParts },
    vectors: { accept: config.inject.accept, mayBring: request.passage?.key.mayBringVectors ?? false },
    voiceFor: (name) => voiceFor(name, sensorium.voices()),
  };
  const asked = { ...answerRequestOf(wanted, context, body.json), requestId: request.id };
  logVectors(asked.turns ?? [], { request: request.id, key: request.passage?.key.id }, service);
  const listener: Listener = {
    hear(event) {
      metrics.happened(event);
      if (event.kind === 'report-made') {
        const { answer, perceptions } = event.report;
        words(request.id, {
          asked: lastWords(wanted),
          heard: perceptions.map(({ text }) => text),
          answered: answer.text,
        });
      }
      hear(event);
    },
    room,
  };
  return sensorium.tell(asked, listener, stopOf(request));
}

function lastWords({ messages }: ChatRequest): unknown {
  const content = messages.at(-1)?.content;
  return Array.isArray(content) ? content.filter(({ type }) => type === 'text') : content;
}

/** Where the request failed before anybody looked at its media, each part is still named. */
function withFates(error: unknown, wanted: ChatRequest): unknown {
  const count = mediaParts(wanted);
  if (count === 0 || fatesOf(error).length > 0 || !(error instanceof Error)) return error;
  const reason = 'The request was refused before it was looked at.';
  const fates = Array.from({ length: count }, (_, at) => ({
    part: `part-${at + 1}`,
    kind: null,
    name: null,
    fate: 'not-reached',
    reason,
  }));
  return Object.assign(error, { fates });
}
