import type { FastifyInstance } from 'fastify';
import { toBase64 } from '#pipeline/index.ts';
import { EmbeddingsRequest } from '../schemas/embeddings.ts';
import type { Service } from '../service.ts';
import { parsed } from '../wire/bad-request.ts';
import { bodyOf } from '../wire/body.ts';
import { sendOnce } from '../wire/replay.ts';
import { signalOf } from '../wire/signal.ts';

/** OpenAI’s embedders, so that settings for them go on working: the configured one answers, and says its name. */
const STAND_INS: ReadonlySet<string> = new Set([
  'text-embedding-3-small',
  'text-embedding-3-large',
  'text-embedding-ada-002',
]);

/** `POST /v1/embeddings`: texts as vectors, as numbers or as base64 of little-endian float32. */
export function addEmbeddings(app: FastifyInstance, { sensorium, replays, config }: Service): void {
  app.post('/v1/embeddings', async (request, reply) => {
    const body = bodyOf(request);
    try {
      const { input, model, encoding_format, dimensions } = parsed(EmbeddingsRequest, body.json);
      return await sendOnce(request, reply, replays, body, async () => {
        const wanted = model === undefined || STAND_INS.has(model) ? config.embed.model : model;
        const made = await sensorium.embed({ texts: [input].flat(), dimensions, model: wanted }, signalOf(request));
        return JSON.stringify({
          object: 'list',
          data: made.vectors.map((vector, index) => ({
            object: 'embedding',
            index,
            embedding: encoding_format === 'base64' ? toBase64(vector) : [...vector],
          })),
          model: made.model,
          usage: { prompt_tokens: made.tokens ?? 0, total_tokens: made.tokens ?? 0 },
          sensorium: { losses: made.losses },
        });
      });
    } finally {
      await body.close();
    }
  });
}
