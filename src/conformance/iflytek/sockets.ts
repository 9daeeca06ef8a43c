import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { ConformanceServer, Running } from '../server.ts';
import { chat, DOMAINS, IMAGE } from './chat.ts';
import { DIALECTS } from './dialects.ts';
import { IAT, IAT_SLM } from './dictation.ts';
import { CODES, converse, type Service } from './session.ts';
import { HANDSHAKE_REFUSALS, type HandshakeRefusal, IFLYTEK_TEST_KEYS } from './signature.ts';
import { ORAL, TTS } from './speech.ts';

export { IFLYTEK_TEST_KEYS } from './signature.ts';

/** What answers at which path; at the vendor each has a host of its own. */
const SERVICES: Readonly<Record<string, Service>> = {
  '/v2/iat': IAT,
  '/v1': IAT_SLM,
  '/ast/communicate/v1': DIALECTS,
  '/v2/tts': TTS,
  '/v1/private/mcd9m97e6': ORAL,
  '/v2.1/image': IMAGE,
  ...Object.fromEntries(Object.entries(DOMAINS).map(([path, domains]) => [path, chat(domains)])),
};

const CASES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(HANDSHAKE_REFUSALS).map(([name, { message }]) => [name, `I2: ${message}`])),
  ...Object.fromEntries(Object.entries(CODES).map(([code, words]) => [`code:${code}`, `I6: ${words}, in the middle`])),
  'cut-off': 'I10: the connection breaks before the last message',
  'cut-off-late': 'I10: the same, when only the last words of a dictation are missing',
  'corrupt-base64': 'I5: a result or a piece of sound that is not base64',
  'ended-early': 'a dictation stops listening before all was sent',
  idle: 'I7: nothing came for ten seconds (here for a moment)',
  'null-data': 'I8: a message without data among the sound',
  'odd-bytes': 'H9: the sound ends in half a sample',
  'odd-pieces': 'H9: every piece of sound ends in half a sample',
  silence: 'H10: nothing comes back',
};

const sockets = new WebSocketServer({ noServer: true });

function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, server: Running): void {
  const play = server.takeCase();
  const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://x');
  const { headers } = request;
  server.seen.push({ method: 'GET', path: pathname, query, headers, bytes: Buffer.alloc(0), json: () => ({}), play });
  const service = Object.hasOwn(SERVICES, pathname) ? SERVICES[pathname] : undefined;
  if (service === undefined) {
    server.faults.push(`there is no socket at ${pathname}`);
    refuse(socket, { status: 404, message: 'no such service' });
    return;
  }
  const found = service.refusalOf(request, Date.now());
  if (found) server.faults.push(`handshake: ${found.message}`);
  const refusals: Readonly<Record<string, HandshakeRefusal>> = HANDSHAKE_REFUSALS;
  const refusal = found ?? (Object.hasOwn(refusals, play) ? refusals[play] : undefined);
  if (refusal) {
    refuse(socket, refusal);
    return;
  }
  sockets.handleUpgrade(request, socket, head, (open) => {
    converse(open, service, play, server).catch((error: unknown) => {
      server.faults.push(`broke: ${String(error)}`);
      open.terminate();
    });
  });
}

function refuse(socket: Duplex, { status, message }: HandshakeRefusal): void {
  const body = JSON.stringify({ message });
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      'content-type: application/json',
      `content-length: ${Buffer.byteLength(body)}`,
      'connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}

export const iflytekConformance: ConformanceServer = {
  name: 'iflytek',
  about: 'iFlytek’s signed sockets: three dictations, two syntheses, Spark, picture understanding',
  cases: CASES,
  switches: {
    'no-last-mark':
      'dictation of dialects marks no result as the last, and just closes: `ls` is known from a client only',
    'any-image-size': 'pictures of more than 4 MB are taken: the limit is known at second hand only',
  },
  configure: (origin) => ({ providers: { iflytek: { baseUrl: origin, ...IFLYTEK_TEST_KEYS } } }),
  routes: {},
  upgrade,
};
