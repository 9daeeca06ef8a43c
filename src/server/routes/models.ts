import type { FastifyInstance } from 'fastify';
import { SensoriumError } from '#contract/error.ts';
import { nearestName } from '#kit/nearest-name.ts';
import type { ModelCard } from '#pipeline/index.ts';
import type { Service } from '../service.ts';
import { signalOf } from '../wire/signal.ts';

/** `GET /v1/models` and `/v1/models/{id}`: every model that can be named, with what is known of it in our own field. */
export function addModels(app: FastifyInstance, { sensorium }: Service): void {
  app.get('/v1/models', async (request) => {
    const cards = await sensorium.modelCards(signalOf(request));
    return { object: 'list', data: cards.map(modelOf) };
  });
  // Ids of models elsewhere may hold slashes.
  app.get<{ Params: { '*': string } }>('/v1/models/*', async (request) => {
    const id = request.params['*'];
    const cards = await sensorium.modelCards(signalOf(request));
    const card = cards.find((one) => one.id === id);
    if (card) return modelOf(card);
    const nearest = nearestName(
      id.slice(0, 100),
      cards.map((one) => one.id),
    );
    throw new SensoriumError('ask.unknown-model', 'There is no such model.', {
      hint: `${nearest ? `Did you mean ${nearest}? ` : ''}GET /v1/models lists what there is.`,
    });
  });
}

function modelOf({ id, from, task, input, output, contextTokens, languages, source, installed }: ModelCard): object {
  return {
    id,
    object: 'model',
    // When a model was made is not known here; zero is the value clients take for that.
    created: 0,
    owned_by: from,
    sensorium: { task, input, output, context_tokens: contextTokens, languages, source, from, installed },
  };
}
