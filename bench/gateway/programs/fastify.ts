import type { Readable } from 'node:stream';
import Fastify from 'fastify';
import { Pool, request as send } from 'undici';

// Pass-through on Fastify and undici: the frame a full gateway stands on, with nothing in it yet.

const [port = 0, upstreamPort] = process.argv.slice(2).map(Number);
const origin = `http://127.0.0.1:${upstreamPort}`;
const dispatcher = new Pool(origin);
const app = Fastify();

app.removeAllContentTypeParsers();
app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
app.get('/healthz', () => 'ok');
app.post('/*', async (request, reply) => {
  const length = request.headers['content-length'];
  const { body, headers, statusCode } = await send(`${origin}${request.url}`, {
    dispatcher,
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(length && { 'content-length': length }) },
    body: request.body as Readable,
  });
  reply.code(statusCode);
  for (const name of ['content-type', 'content-length']) if (headers[name]) reply.header(name, headers[name]);
  return reply.send(body);
});
await app.listen({ host: '127.0.0.1', port });

process.on('disconnect', () => process.exit());
