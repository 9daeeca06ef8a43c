import { once } from 'node:events';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { codeIn, must, postForm, postJson } from './exchange.ts';
import { Busy, type Target, type Task } from './task.ts';

/** A request nobody should send: what it is, the status and the code it must be refused with, and how it is sent. */
type Bad = readonly [string, number, string, (target: Target) => Promise<Response>];

const CHAT = '/v1/chat/completions';
const HEAR = '/v1/audio/transcriptions';
const JSON_TYPE = { 'content-type': 'application/json' };

const raw =
  (path: string, body: string | Uint8Array, headers: Record<string, string> = JSON_TYPE) =>
  (target: Target) =>
    fetch(target.url + path, { method: 'POST', headers, body, signal: target.signal });
const json = (path: string, body: object) => (target: Target) => postJson(target, path, body);
const said = (content: unknown, more: object = {}) => ({ messages: [{ role: 'user', content }], ...more });
const chat = (content: unknown, more: object = {}) => json(CHAT, said(content, more));
const from = (url: string) => chat([{ type: 'video_url', video_url: { url } }]);
const heard =
  (bytes: Uint8Array, fields: Record<string, string> = {}) =>
  (target: Target) =>
    postForm(target, HEAR, bytes, fields);

/** A WAV file that says it holds ten hours. */
function tenHours(): Uint8Array {
  const head = Buffer.alloc(44 + 3_200);
  head.write('RIFF\xff\xff\xff\x7fWAVEfmt ', 'latin1');
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(16_000, 24);
  head.writeUInt32LE(32_000, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(0x7fff_0000, 40);
  return head;
}

const BOUNDARY = 'soak';
const formType = { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` };
const cutForm = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\n\r\nRIFFabcd`;
const noFile = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="model"\r\n\r\nwhisper-1\r\n--${BOUNDARY}--\r\n`;

export const BAD: readonly Bad[] = [
  ['broken JSON', 400, 'server.bad-request', raw(CHAT, '{"messages": [')],
  ['JSON that is a list', 400, 'server.bad-request', raw(CHAT, '[1, 2]')],
  ['JSON nested a hundred thousand deep', 400, 'server.bad-request', raw(CHAT, '['.repeat(100_000))],
  ['bytes that are no UTF-8', 400, 'server.bad-request', raw(CHAT, new Uint8Array([0x22, 0xff, 0xfe, 0x22]))],
  ['no body', 400, 'server.bad-request', raw(CHAT, '')],
  ['messages of the wrong type', 400, 'server.bad-request', json(CHAT, { messages: 'Hi' })],
  ['no messages', 400, 'server.bad-request', json(CHAT, { model: 'x' })],
  ['a temperature in words', 400, 'server.bad-request', chat('Hi', { temperature: 'hot' })],
  ['an unknown model', 404, 'ask.unknown-model', chat('Hi', { model: 'soak-9000' })],
  [
    'a recording that is no base64',
    400,
    'media.broken',
    chat([{ type: 'input_audio', input_audio: { data: '%%%%', format: 'wav' } }]),
  ],
  ['an address of a metadata service', 400, 'media.url-refused', from('http://169.254.169.254/latest/meta-data')],
  ['an address of this machine', 400, 'media.url-refused', from('http://127.0.0.1:9/x.wav')],
  ['an address that hides this machine', 400, 'media.url-refused', from('http://[::ffff:127.0.0.1]:80/x.wav')],
  ['an address with another protocol', 400, 'media.url-refused', from('ftp://example.org/x.wav')],
  ['a form without its end', 400, 'server.bad-request', raw(HEAR, cutForm, formType)],
  ['a form without a file', 400, 'server.bad-request', raw(HEAR, noFile, formType)],
  ['an empty file', 400, 'media.empty', heard(new Uint8Array())],
  [
    'a text that says it is sound',
    415,
    'media.unsupported',
    heard(Buffer.from('This is not a recording.\n'.repeat(40))),
  ],
  ['ten hours of sound in 3 kB', 413, 'media.too-long', heard(tenHours())],
  ['an unknown recogniser', 404, 'hear.unknown-engine', heard(tenHours(), { model: 'ears-9000' })],
  ['an unknown transcript format', 400, 'server.bad-request', heard(tenHours(), { response_format: 'docx' })],
  ['speech of nothing', 400, 'server.bad-request', json('/v1/audio/speech', { input: '' })],
  [
    'speech in an unknown format',
    400,
    'server.bad-request',
    json('/v1/audio/speech', { input: 'Hi', response_format: 'midi' }),
  ],
  ['a vector of an empty text', 400, 'embed.bad-input', json('/v1/embeddings', { input: ['a', ' '] })],
  [
    'a vector of a text that is too long',
    400,
    'embed.too-long',
    json('/v1/embeddings', { input: 'word '.repeat(2_000) }),
  ],
  ['a body of the wrong kind', 415, 'server.bad-request', raw(CHAT, 'Hi', { 'content-type': 'text/csv' })],
  [
    'a compressed body',
    415,
    'server.bad-request',
    raw(CHAT, gzipSync('{}'), { ...JSON_TYPE, 'content-encoding': 'gzip' }),
  ],
  ['an unknown address', 404, 'server.not-found', raw('/v1/soak', '{}')],
];

/** One bad request after the other, in turn. */
export function badTask(): Task {
  let turn = 0;
  return {
    kind: 'bad input',
    weight: 6,
    async run(target) {
      const [what, status, code, send] = BAD[turn++ % BAD.length] as Bad;
      const reply = await send(target);
      const got = codeIn(await reply.text());
      if (reply.status === 429) throw new Busy();
      must(reply.status === status && got === code, `${what}: ${reply.status} ${got} in place of ${status} ${code}`);
    },
  };
}

/** A body that is announced as larger than any may be, and never sent. */
export const huge: Task = {
  kind: 'bad input: announced as huge',
  weight: 1,
  async run({ url }) {
    const answer = await spoken(url, 'Content-Length: 2000000000\r\n\r\n{"messages"');
    must(/^HTTP\/1\.1 413 /.test(answer), `a body of two gigabytes: ${answer.slice(0, 60)}`);
  },
};

/** A client that breaks off in the middle of its body. */
export const cut: Task = {
  kind: 'bad input: broken off',
  weight: 1,
  async run({ url, random }) {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.on('error', () => {});
    const head = `POST ${CHAT} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n`;
    socket.write(`${head}Content-Length: 100000\r\n\r\n{"messages": [`);
    await new Promise((resolve) => setTimeout(resolve, random() * 200));
    socket.destroy();
  },
};

async function spoken(url: string, rest: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  let answer = '';
  socket.on('data', (bytes) => {
    answer += bytes;
  });
  // A server that has answered may close before it was sent everything.
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.write(`POST ${CHAT} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n${rest}`);
  await once(socket, 'close');
  return answer;
}
