import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { PipelineEvent } from '#contract/events.ts';
import type { Ledger } from '#contract/ledger.ts';
import type { Loss } from '#contract/loss.ts';
import type { MediaInput } from '#pipeline/index.ts';
import { readUpload } from '../intake/upload.ts';
import { PerceptionRequest } from '../schemas/perception.ts';
import type { Service } from '../service.ts';
import { badField, parsed } from '../wire/bad-request.ts';
import { breakOff } from '../wire/break-off.ts';
import { signalOf } from '../wire/signal.ts';
import { eventStream } from '../wire/sse.ts';

/** `POST /v1/perceptions`: a recording, picture, document or video as text, whole or with its progress as events. */
export function addPerceptions(app: FastifyInstance, service: Service): void {
  app.post('/v1/perceptions', async (request, reply) => {
    const form = await readUpload(request, reply, service);
    try {
      const fields = Object.fromEntries([...form.fields].map(([name, values]) => [name, values.at(-1)]));
      const wanted = parsed(PerceptionRequest, fields);
      if (!form.file) throw badField('file', 'is missing');
      const story = perceiving(wanted, form.file, request, service);
      return await (wanted.stream ? streamed(story, request, reply, service) : whole(story, request, reply));
    } finally {
      await form.close();
    }
  });
}

async function* perceiving(
  { sense, model, language, prompt, tell }: PerceptionRequest,
  media: MediaInput,
  request: FastifyRequest,
  { sensorium, metrics, words }: Service,
): AsyncGenerator<PipelineEvent> {
  const asked = { media, sense, model, language, prompt, tell, requestId: request.id };
  for await (const event of sensorium.perceive(asked, signalOf(request))) {
    metrics.happened(event);
    if (event.kind === 'part-perceived') words(request.id, { heard: event.perception.text });
    yield event;
  }
}

async function whole(
  story: AsyncIterable<PipelineEvent>,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const losses: Loss[] = [];
  let ledger: Ledger | null = null;
  let answer: object | null = null;
  for await (const event of story) {
    if (event.kind === 'loss-noted') losses.push(event.loss);
    if (event.kind === 'ledger-made') ledger = event.ledger;
    if (event.kind === 'part-perceived') answer = event.perception;
  }
  return reply.send({ ...answer, losses, ledger, request_id: request.id });
}

async function streamed(
  story: AsyncIterable<PipelineEvent>,
  request: FastifyRequest,
  reply: FastifyReply,
  service: Service,
): Promise<FastifyReply> {
  const out = eventStream(reply);
  const losses: Loss[] = [];
  let ledger: Ledger | null = null;
  const send = async (data: object) => {
    if (!out.send(JSON.stringify(data))) await out.room();
  };
  try {
    for await (const event of story) {
      if (event.kind === 'loss-noted') losses.push(event.loss);
      else if (event.kind === 'ledger-made') ledger = event.ledger;
      else if (event.kind === 'hearing-moved') {
        await send({ type: 'perception.progress', done: event.heardMs, total: event.durationMs, unit: 'ms' });
      } else if (event.kind === 'seeing-moved') {
        const { done, total, unit } = event;
        await send({ type: 'perception.progress', done, total, unit });
      } else if (event.kind === 'part-perceived') {
        const perception = { ...event.perception, losses, ledger, request_id: request.id };
        await send({ type: 'perception.done', perception });
      }
    }
  } catch (error) {
    breakOff(out, error, request.id, service.log);
  } finally {
    if (out.begun) out.end();
  }
  return reply;
}
