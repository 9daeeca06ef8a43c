import type { FastifyInstance } from 'fastify';
import { openApiDocument } from '../openapi/document.ts';
import type { Service } from '../service.ts';

/** `GET /openapi.json`: the API, from the same schemas that check requests. Made when first asked for. */
export function addOpenApi(app: FastifyInstance, { version }: Service): void {
  let document: string | undefined;
  app.get('/openapi.json', (_request, reply) => {
    document ??= JSON.stringify(openApiDocument(version));
    return reply.type('application/json; charset=utf-8').send(document);
  });
}
