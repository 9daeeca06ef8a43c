import type { FastifyInstance } from 'fastify';
import type { Service } from '../service.ts';

/** `GET /healthz`: the process answers. `GET /readyz`: it takes work. `GET /metrics`: figures for Prometheus. */
export function addHealth(app: FastifyInstance, { gate, metrics, version }: Service): void {
  app.get('/healthz', (_request, reply) => reply.send({ status: 'ok', version }));
  app.get('/readyz', (_request, reply) => {
    const { ready, running } = gate.drain;
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'draining', running });
  });
  app.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()));
}
