import type { FastifyInstance } from 'fastify';
import { type EmbedInput, toBase64 } from '#pipeline/index.ts';
import { mediumIn } from '../chat/request.ts';
import type { JsonBody } from '../intake/json-body.ts';
import { EmbeddingsRequest, type InputPart } from '../schemas/embeddings.ts';
import type { Service } from '../service.ts';
import { badField, parsed } from '../wire/bad-request.ts';
import { bodyOf } from '../wire/body.ts';
import { sendOnce } from '../wire/replay.ts';
import { signalOf } from '../wire/signal.ts';

/** OpenAI’s embedders, so that settings for them go on working: the configured one answers, and says its name. */
const STAND_INS: ReadonlySet<string> = new Set([
  'text-embedding-3-small',
  'text-embedding-3-large',
  'text-embedding-ada-002',
]);

/**
 * `POST /v1/embeddings`: texts, pictures and sounds as vectors of one space, as numbers or as base64 of little-endian float32. Where
 * nobody counted tokens, `usage` says 0, as clients want a number there, and `sensorium.tokens` null.
 */
export function addEmbeddings(app: FastifyInstance, { sensorium, replays, config }: Service): void {
  app.post('/v1/embeddings', async (request, reply) => {
    const body = bodyOf(request);
    try {
      const { input, model, encoding_format, dimensions, input_type: purpose } = parsed(EmbeddingsRequest, body.json);
      const items = [input].flat();
      const media = items.filter((item) => typeof item === 'object' && item.type !== 'text').length;
      if (media > config.server.maxParts) {
        throw badField('input', `holds ${media} media parts; ${config.server.maxParts} are allowed`);
      }
      return await sendOnce(request, reply, replays, body, async () => {
        const inputs = items.map((item, at) => inputOf(item, `input[${at}]`, body));
        const wanted = model === undefined || STAND_INS.has(model) ? undefined : model;
        const made = await sensorium.embed({ inputs, dimensions, purpose, model: wanted }, signalOf(request));
        const tokens = made.tokens ?? 0;
        return JSON.stringify({
          object: 'list',
          data: made.vectors.map((vector, index) => ({
            object: 'embedding',
            index,
            embedding: encoding_format === 'base64' ? toBase64(vector) : [...vector],
          })),
          model: made.model,
          usage: { prompt_tokens: tokens, total_tokens: tokens },
          sensorium: { losses: made.losses, tokens: made.tokens },
        });
      });
    } finally {
      await body.close();
    }
  });
}

function inputOf(item: string | InputPart, where: string, body: JsonBody): EmbedInput {
  if (typeof item === 'string') return { kind: 'text', text: item };
  switch (item.type) {
    case 'text':
      return { kind: 'text', text: item.text };
    case 'image_url':
      return { kind: 'media', input: mediumIn(item.image_url.url, `${where}.image_url.url`, body) };
    case 'audio_url':
      return { kind: 'media', input: mediumIn(item.audio_url.url, `${where}.audio_url.url`, body) };
    case 'input_audio':
      return { kind: 'media', input: mediumIn(item.input_audio.data, `${where}.input_audio.data`, body) };
  }
}
