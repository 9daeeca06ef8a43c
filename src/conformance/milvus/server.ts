import { createServer, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import type { Duplex } from 'node:stream';
import { type ConformanceServer, Fault, type Running } from '../server.ts';
import { CALLS, type Collection, Refused } from './calls.ts';
import { decoded, encoded } from './proto.ts';

/** The token it wants, as `user:password`. */
export const MILVUS_TOKEN = 'root:milvus-of-conformance';
const SERVICE = '/milvus.proto.milvus.MilvusService/';

const kept = new WeakMap<Running, Map<string, Collection>>();

/** What Milvus says in the answer itself, by case: its code and its words. */
const REFUSALS: Readonly<Record<string, { code: number; reason: string }>> = {
  'rate-limited': {
    code: 8,
    reason: 'request is rejected by grpc RateLimiter middleware, please retry later: rate limit exceeded',
  },
  'no-space': { code: 9, reason: 'quota exceeded[reason=disk quota exceeded, please allocate more resources]' },
  'not-loaded': { code: 101, reason: 'collection not loaded' },
};

async function serve(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, server: Running): Promise<void> {
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(piece);
  const bytes = Buffer.concat(pieces);
  const path = String(headers[':path']);
  const play = server.takeCase();
  const name = path.startsWith(SERVICE) ? path.slice(SERVICE.length) : '';
  const known = Object.hasOwn(CALLS, name) ? CALLS[name] : undefined;
  const message = known ? decoded(known[0], bytes.subarray(5)) : {};
  server.seen.push({
    method: 'POST',
    path,
    query: new URLSearchParams(),
    headers: headers as Running['seen'][number]['headers'],
    bytes,
    json: () => message,
    play,
  });
  if (play === 'stalled') return;
  if (play === 'reset') return void stream.session?.destroy();
  const wanted = Buffer.from(MILVUS_TOKEN).toString('base64');
  if (play === 'bad-key' || headers.authorization !== wanted)
    return end(stream, 16, 'auth check failure, please check api key is correct');
  if (play === 'unavailable') return end(stream, 14, 'upstream connect error');
  if (name === 'GetVersion') {
    const version = play === 'too-old' ? 'v2.2.14' : 'v2.6.4';
    return answer(stream, encoded('GetVersionResponse', { status: { error_code: 0 }, version }));
  }
  if (!known) return end(stream, 12, `unknown method ${name}`);
  const [, gives, call] = known;
  const refuse = (code: number, reason: string) => {
    const status = { error_code: 1, code, reason };
    answer(stream, encoded(gives, gives === 'Status' ? status : { status }));
  };
  const refusal = name !== 'Connect' && Object.hasOwn(REFUSALS, play) ? REFUSALS[play] : undefined;
  if (refusal) return refuse(refusal.code, refusal.reason);
  const collections = kept.get(server) ?? new Map<string, Collection>();
  kept.set(server, collections);
  try {
    answer(stream, encoded(gives, call(message, collections)));
  } catch (error) {
    if (error instanceof Refused) return refuse(100, error.message);
    if (!(error instanceof Fault)) throw error;
    server.faults.push(`${name}: ${error.message}`);
    refuse(1100, error.message);
  }
}

function answer(stream: ServerHttp2Stream, message: Uint8Array): void {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
  stream.end(Buffer.concat([head, message]));
}

function end(stream: ServerHttp2Stream, code: number, why: string): void {
  stream.respond(
    { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': String(code), 'grpc-message': why },
    { endStream: true },
  );
}

/**
 * Milvus over gRPC as far as a vector store needs it. Sources: milvus-proto (milvus.proto, schema.proto, common.proto), Milvus’ pages on
 * schemas, filtering, consistency and limits, 2.6, 2026-11.
 */
export const milvusConformance: ConformanceServer = {
  name: 'milvus',
  about: 'the vector store Milvus over gRPC: collections, an index, upserts, deletes, queries, searches',
  cases: {
    'bad-key': 'UNAUTHENTICATED',
    unavailable: 'UNAVAILABLE',
    'rate-limited': 'the answer says that there are too many requests',
    'no-space': 'the answer says that its disk is full',
    'not-loaded': 'the answer says that the collection is not loaded',
    reset: 'the connection breaks',
    stalled: 'nothing is answered',
    'too-old': 'a Milvus of 2.2',
  },
  configure: (origin) => ({ store: { engine: 'milvus', url: origin, apiKey: MILVUS_TOKEN } }),
  routes: {},
  connection(socket: Duplex, server: Running) {
    const http2 = createServer();
    http2.on('session', (session) => session.on('error', () => {}));
    http2.on('stream', (stream, headers) => {
      stream.on('error', () => {});
      serve(stream, headers, server).catch((error: unknown) => {
        server.faults.push(`broke: ${String(error)}`);
        stream.session?.destroy();
      });
    });
    http2.emit('connection', socket);
  },
};
