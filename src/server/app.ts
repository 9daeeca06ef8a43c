import { type FastifyInstance, type FastifyRequest, fastify } from 'fastify';
import { fatesOf, isSensoriumError, SensoriumError } from '#contract/error.ts';
import { nowMs } from '#kit/clock.ts';
import { newRequestId } from '#kit/ids.ts';
import { httpError } from './errors.ts';
import { installGate } from './guard/hooks.ts';
import { refuseCompressedBody } from './intake/encoding.ts';
import { readJsonBody } from './intake/json-body.ts';
import { ROUTES } from './routes/index.ts';
import type { Service } from './service.ts';
import { signalOf } from './wire/signal.ts';

declare module 'fastify' {
  interface FastifyRequest {
    startedMs: number;
  }
}

/** Puts the server together: the gate before everything, then one file per route. It does not listen yet. */
export async function buildApp(service: Service): Promise<FastifyInstance> {
  const app = fastify({
    logger: false,
    genReqId: newRequestId,
    requestIdHeader: false,
    // Bodies are read by our own readers, which know their limits.
    bodyLimit: Number.MAX_SAFE_INTEGER,
    // Sockets that send nothing are let go; bodies may take as long as they go on moving.
    requestTimeout: 0,
    keepAliveTimeout: 72_000,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 600 },
    return503OnClosing: false,
    forceCloseConnections: 'idle',
  });
  app.server.headersTimeout = 30_000;
  app.decorateRequest('startedMs', 0);
  app.addHook('onRequest', (request, reply, done) => {
    request.startedMs = nowMs();
    reply.header('x-request-id', request.id);
    done();
  });
  installGate(app, service.gate);
  installBodies(app, service);
  installErrors(app, service);
  installRecord(app, service);
  for (const add of ROUTES) add(app, service);
  return app;
}

function installBodies(app: FastifyInstance, { config }: Service): void {
  const { maxBodyMb } = config.server;
  const maxBytes = maxBodyMb * 2 ** 20;
  const maxPartBytes = config.media.maxSizeMb * 2 ** 20;
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', async (request: FastifyRequest, payload: AsyncIterable<Buffer>) => {
    refuseCompressedBody(request.headers['content-encoding']);
    const length = request.headers['content-length'];
    return readJsonBody(payload, {
      maxBytes,
      maxPartBytes,
      signal: signalOf(request),
      contentLength: length === undefined ? undefined : Number(length),
    });
  });
  // Forms are read by the routes that take one.
  app.addContentTypeParser('multipart/form-data', (_request, _payload, done) => done(null));
  app.addContentTypeParser('*', (_request, _payload, done) => {
    done(
      new SensoriumError('server.bad-request', 'The body is of a type that is not read here.', {
        hint: 'Send JSON with the header Content-Type: application/json.',
        details: { status: 415 },
      }),
      undefined,
    );
  });
}

function installErrors(app: FastifyInstance, { log }: Service): void {
  app.setNotFoundHandler((request) => {
    throw new SensoriumError('server.not-found', `There is no ${request.method} at this address.`, {
      hint: 'GET /openapi.json lists what there is.',
    });
  });
  app.setErrorHandler((thrown, request, reply) => {
    // Why it was stopped says more than that it was: a server that is being stopped says so.
    const error = httpError(stopReason(request) ?? thrown, request.id);
    if (error.status >= 500)
      log.error({ request: request.id, code: error.body.error.sensorium.code, err: inside(thrown) }, 'request failed');
    // What is left of the body is not read, so nothing else can come over this connection.
    if (!request.raw.complete) reply.header('connection', 'close');
    return reply.code(error.status).headers(error.headers).send(error.body);
  });
}

/** What the operator may see of an error: where it came from, and no value a person sent. */
function inside(thrown: unknown): object {
  if (isSensoriumError(thrown)) return { code: thrown.code, details: thrown.details, parts: fatesOf(thrown).length };
  const { name, stack } = thrown instanceof Error ? thrown : new Error(String(thrown));
  return {
    name,
    at: stack
      ?.split('\n')
      .slice(1, 6)
      .map((line) => line.trim().replace(/\(?(?:file:\/\/)?\/.*\/(?=(?:src|dist|node_modules)\/)/, '')),
  };
}

function stopReason({ passage }: FastifyRequest): unknown {
  const reason: unknown = passage?.stop.signal.reason;
  return isSensoriumError(reason) ? reason : undefined;
}

function installRecord(app: FastifyInstance, { log, metrics }: Service): void {
  const isInfo = log.isLevelEnabled('info');
  app.addHook('onResponse', (request, reply, done) => {
    const durationMs = nowMs() - request.startedMs;
    const route = request.routeOptions.url ?? 'none';
    metrics.answered(route, reply.statusCode, durationMs);
    if (isInfo && route !== '/healthz' && route !== '/readyz') {
      log.info(
        {
          request: request.id,
          key: request.passage?.key.id,
          method: request.method,
          route,
          status: reply.statusCode,
          ms: Math.round(durationMs),
        },
        'request',
      );
    }
    done();
  });
}
