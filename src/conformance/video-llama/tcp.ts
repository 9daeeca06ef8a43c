import { readFileSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import type { Duplex } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { WORDS } from '../self-hosted/answers.ts';
import { isObject } from '../self-hosted/checks.ts';
import { type ConformanceServer, check, Fault, type Running } from '../server.ts';

const SEPARATOR = '<SEP>';
const FAILED = 'Server error! Please check the server logs and retry.';
/** It reads so much at a time, and takes that for whole messages. */
const READ_BYTES = 8_192;

function checkFile(path: unknown): void {
  check(typeof path === 'string' && isAbsolute(path) && readFileSync(path).length > 0, 'a path that opens');
}

/** A question as the processor takes it. */
function idOf(text: string): number {
  const json: unknown = JSON.parse(text);
  check(isObject(json) && isObject(json.data), 'data');
  const { id, data } = json;
  check(Number.isInteger(id) && Number(id) >= 0 && Number(id) < 2 ** 32, 'id');
  check(Array.isArray(data.conversation) && data.conversation.length > 0, 'conversation');
  check(isObject(data.generation_config), 'generation_config');
  for (const { content } of data.conversation) {
    if (typeof content === 'string') continue;
    check(Array.isArray(content), 'content');
    for (const part of content) {
      if (part.type === 'text') check(typeof part.text === 'string', 'text');
      else if (part.type === 'image') checkFile(part.image?.image_path);
      else {
        check(part.type === 'video', `part ${String(part.type)}`);
        checkFile(part.video?.video_path);
      }
    }
  }
  return Number(id);
}

/** What leaves the socket in a case, packet by packet; `null` breaks the connection there. */
function packets(play: string, id: number): readonly (string | null)[] {
  const said = (data: string, as = id) => JSON.stringify({ id: as, data }) + SEPARATOR;
  const words = WORDS.map((word) => said(word));
  const end = said('<EOS>');
  switch (play) {
    case 'byte-by-byte':
      return [...Buffer.from([...words, end].join(''), 'utf8').toString('latin1')];
    case 'two-in-one':
      return [
        `${words.slice(0, 3).join('')}${words[3]?.slice(0, 9)}`,
        `${words[3]?.slice(9)}${words[4]}`,
        `${words[5]}${end}`,
      ];
    case 'separator-in-words':
      return [said('HTML has <SEP>'), said(' and more.'), end];
    case 'another-id':
      return [said('not yours', (id + 1) % 2 ** 32), ...words, end];
    case 'server-error':
      return [said(FAILED), end];
    case 'dropped':
      return words.slice(0, 3);
    case 'reset':
      return [...words.slice(0, 3), null];
    default:
      return [...words, end];
  }
}

function connection(socket: Duplex, server: Running): void {
  socket.on('error', () => {});
  socket.on('data', (bytes: Buffer) => {
    reply(bytes).catch((error: unknown) => {
      server.faults.push(error instanceof Fault ? error.message : `broke: ${String(error)}`);
      socket.destroy();
    });
  });

  async function reply(bytes: Buffer): Promise<void> {
    check(bytes.length <= READ_BYTES, 'more than one read');
    const text = bytes.toString('utf8');
    check(text.endsWith(SEPARATOR) && text.split(SEPARATOR).length === 2, 'one message and its separator');
    const play = server.takeCase();
    const id = idOf(text.slice(0, -SEPARATOR.length));
    if (play === 'silent') return;
    for (const packet of packets(play, id)) {
      if (packet === null) {
        socket.destroy();
        return;
      }
      socket.write(packet, play === 'byte-by-byte' ? 'latin1' : 'utf8');
      await setImmediate();
    }
    if (play === 'dropped') socket.end();
  }
}

/** VideoLLaMA3. Source: inference/server/plain_server.py (05cee23). */
export const videoLlamaTcpConformance: ConformanceServer = {
  name: 'video-llama-tcp',
  about: 'VideoLLaMA3’s demo server: JSON over a socket, <SEP> after each message',
  cases: {
    'byte-by-byte': 'V3: every byte is a packet of its own',
    'two-in-one': 'V3: messages begin and end within packets',
    'separator-in-words': 'V3: the separator within the words',
    'another-id': 'an answer under another id',
    'server-error': 'V3: the server failed, in words',
    dropped: 'V6: the connection ends without <EOS>',
    reset: 'V6: the connection breaks without <EOS>',
    silent: 'nothing comes',
  },
  configure: (origin) => ({ providers: { 'video-llama': { baseUrl: origin, dialect: 'video-llama-tcp' } } }),
  routes: {},
  connection,
};
