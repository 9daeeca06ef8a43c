import type { FastifyInstance } from 'fastify';
import type { Service } from '../service.ts';

/** `GET /v1/audio/voices`: what can be spoken with, in the list that other servers of this kind give. */
export function addVoices(app: FastifyInstance, { sensorium }: Service): void {
  app.get('/v1/audio/voices', () => ({
    object: 'list',
    voices: sensorium
      .voices()
      .map(({ id, name, language, gender, engine }) => ({ id, name, language, gender, engine })),
  }));
}
