import { json, type Reply } from '../reply.ts';
import { type ConformanceServer, check, Fault, type Request, type Running } from '../server.ts';
import { checkCollection, checkFilter, checkIndex, checkPoints, checkQuery, checkWrite, type Point } from './checks.ts';
import { cosine, counts } from './points.ts';

/** The key it wants in every request but the one that asks who it is. */
export const QDRANT_KEY = 'qdrant-key-of-conformance';

interface Collection {
  readonly size: number;
  readonly metadata: unknown;
  readonly indexes: Map<string, string>;
  readonly points: Map<string | number, Point>;
  told: boolean;
}

const kept = new WeakMap<Running, Map<string, Collection>>();
const collectionsOf = (server: Running): Map<string, Collection> => {
  const collections = kept.get(server) ?? new Map<string, Collection>();
  kept.set(server, collections);
  return collections;
};

const ok = (result: unknown): Reply => json({ result, status: 'ok', time: 0.0001 });
const refused = (status: number, error: string): Reply => json({ status: { error }, time: 0 }, status);
const text = (status: number, body: string): Reply => ({
  status,
  headers: { 'content-type': 'text/plain' },
  pieces: [body],
});
const MOST_BODY_BYTES = 32 * 1024 * 1024;

/** A case instead of an answer; `null` where the request is to be answered. */
function special(play: string): Reply | null {
  switch (play) {
    case 'bad-key':
      return text(401, 'Invalid API key or JWT');
    case 'error-500':
      return refused(500, 'Service internal error: something broke');
    case 'no-space':
      return refused(
        500,
        'Service internal error: No space left on device: WAL buffer size exceeds available disk space',
      );
    case 'busy-503':
      return { ...text(503, 'busy'), headers: { 'retry-after': '0' } };
    case 'rate-limited':
      return { ...refused(429, 'Rate limiting exceeded: Write rate limit exceeded'), headers: { 'retry-after': '0' } };
    case 'page-502':
      return {
        status: 502,
        headers: { 'content-type': 'text/html' },
        pieces: ['<html><title>Bad Gateway</title></html>'],
      };
    case 'another-server':
      return { status: 200, headers: { 'content-type': 'text/html' }, pieces: ['<html>Welcome</html>'] };
    case 'malformed':
      return { status: 200, headers: { 'content-type': 'application/json' }, pieces: ['{"result":'] };
    case 'reset-before':
      return { pieces: [], refusesConnection: true };
    case 'reset-midway':
      return { ...ok(null), pieces: ['{"resu'], ending: 'reset' };
    case 'stalled':
      return { ...ok(null), pieces: ['{"resu'], ending: 'silence' };
    case 'slow-trickle':
      return { ...ok(null), pieces: Array.from({ length: 200 }, () => ' '), pauseMs: 5 };
    default:
      return null;
  }
}

function answer(request: Request, server: Running): Reply {
  const instead = special(request.play);
  if (instead) return instead;
  check(
    request.headers['api-key'] === QDRANT_KEY,
    'api-key',
    text(401, 'Must provide an API key or an Authorization bearer token'),
  );
  check(request.bytes.length <= MOST_BODY_BYTES, 'a body of more than 32 MB', text(413, 'Payload too large'));
  try {
    return routed(request, server);
  } catch (error) {
    if (!(error instanceof Fault) || error.reply) throw error;
    throw new Fault(error.message, refused(400, error.message));
  }
}

function routed(request: Request, server: Running): Reply {
  const collections = collectionsOf(server);
  const [, , name = '', ...rest] = request.path.split('/');
  const called = `${request.method} ${rest.join('/')}`;
  if (name === '') return ok({ collections: [...collections.keys()].map((one) => ({ name: one })) });
  check(/^[^<>:"/\\|?*\p{Cc}]{1,255}$/u.test(name), 'the name of a collection');
  const collection = collections.get(name);
  if (called === 'PUT ') {
    const made = checkCollection(request.json());
    if (collection) return refused(409, `Wrong input: Collection \`${name}\` already exists!`);
    collections.set(name, { ...made, indexes: new Map(), points: new Map(), told: true });
    return ok(true);
  }
  if (!collection) return refused(404, `Not found: Collection \`${name}\` doesn't exist!`);
  const handler = Object.hasOwn(ON_COLLECTION, called) ? ON_COLLECTION[called] : undefined;
  check(handler, `${called}: there is no such address`, refused(404, 'Not found'));
  return ok(handler(collection, request));
}

const DONE = { operation_id: 1, status: 'completed' };

const ON_COLLECTION: Readonly<Record<string, (collection: Collection, request: Request) => unknown>> = {
  'GET ': ({ size, metadata, indexes, points, told }) => ({
    status: told ? 'green' : 'grey',
    optimizer_status: 'ok',
    points_count: points.size,
    indexed_vectors_count: told ? points.size : 0,
    segments_count: 2,
    config: { params: { vectors: { size, distance: 'Cosine' } }, metadata },
    payload_schema: Object.fromEntries([...indexes].map(([field, data_type]) => [field, { data_type, points: 0 }])),
  }),
  'PATCH '(collection, request) {
    check(Object.keys(request.json()).join() === 'optimizers_config', 'an update of anything but the optimizers');
    collection.told = true;
    return true;
  },
  'PUT index'({ indexes }, request) {
    checkWrite(request);
    const { field, type } = checkIndex(request.json());
    indexes.set(field, type);
    return DONE;
  },
  'PUT points'(collection, request) {
    checkWrite(request);
    for (const point of checkPoints(request.json(), collection.size)) collection.points.set(point.id, point);
    collection.told = false;
    return DONE;
  },
  'POST points/delete'({ points }, request) {
    checkWrite(request);
    const { filter } = request.json();
    checkFilter(filter);
    for (const [id, point] of points) if (counts(point, filter)) points.delete(id);
    return DONE;
  },
  'POST points/count'({ points }, request) {
    const { filter, exact, ...rest } = request.json();
    check(Object.keys(rest).length === 0, 'count');
    check(exact === true, 'a count that is not exact is a guess');
    if (filter !== undefined) checkFilter(filter);
    return { count: [...points.values()].filter((point) => counts(point, filter)).length };
  },
  'POST points/query'({ points, size }, request) {
    const body = request.json();
    checkQuery(body, size);
    const asked = body.query as number[];
    const shown = body.with_payload as readonly string[] | undefined;
    const found = [...points.values()]
      .filter((point) => counts(point, body.filter as never))
      .map(({ id, vector, payload }) => ({
        id,
        version: 1,
        score: Math.fround(cosine(vector, asked)),
        payload: Object.fromEntries(Object.entries(payload).filter(([name]) => shown?.includes(name))),
      }))
      .sort((a, b) => b.score - a.score);
    return { points: found.slice(0, Number(body.limit)) };
  },
};

/**
 * Qdrant’s REST API as far as a vector store needs it. Sources: Qdrant’s OpenAPI document (docs/redoc/master/openapi.json: CreateCollection,
 * CreateFieldIndex, PointsList, QueryRequest, Filter, CountRequest, ErrorResponse) and its pages on security and multitenancy, 2026-11.
 */
export const qdrantConformance: ConformanceServer = {
  name: 'qdrant',
  about: 'the vector store Qdrant over REST: collections, payload indexes, points, filters, queries',
  cases: {
    'bad-key': '401 in plain text',
    'error-500': '500',
    'no-space': '500 because its disk is full',
    'busy-503': '503 with Retry-After',
    'rate-limited': '429 of strict mode',
    'page-502': '502 with a web page',
    'another-server': 'a web page where Qdrant should be',
    malformed: 'an answer that is not JSON',
    'reset-before': 'the connection breaks before the first byte',
    'reset-midway': 'the connection breaks in the middle',
    stalled: 'the answer stands still',
    'slow-trickle': 'a byte every few milliseconds',
    'too-old': 'a Qdrant of 1.9',
  },
  configure: (origin) => ({ store: { engine: 'qdrant', url: origin, apiKey: QDRANT_KEY } }),
  routes: {
    'GET /': ({ play }) =>
      special(play) ??
      json({
        title: 'qdrant - vector search engine',
        version: play === 'too-old' ? '1.9.7' : '1.17.0',
        commit: 'conformance',
      }),
    'GET /collections*': answer,
    'PUT /collections*': answer,
    'POST /collections*': answer,
    'PATCH /collections*': answer,
  },
};
