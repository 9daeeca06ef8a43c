import type { WebSocket } from 'ws';
import { channel } from '#kit/channel.ts';
import type { Running } from '../server.ts';
import { type Handshake, type HandshakeRefusal, refusalOf } from './signature.ts';

/** A message as JSON; one in binary has nothing but `bytes`. */
export type Frame = Readonly<Record<string, unknown>>;

/** Codes of failures with the words iFlytek has for them, as far as they were written down. */
export const CODES = {
  10005: 'invalid parameter value',
  10007: 'user is busy',
  10013: '输入内容审核不通过',
  10014: '输出内容涉及敏感信息',
  10041: 'image is invalid',
  10114: 'session timeout',
  10139: 'invalid param',
  10160: 'parse request json error',
  10161: 'parse base64 string error',
  10163: 'param validate error',
  10200: 'read data timeout',
  10313: 'invalid appid',
  10700: 'engine error',
  10907: 'token数量超过上限',
  11200: 'auth no license',
  11201: 'daily limit',
  11202: 'second limit',
} as const;
export type Code = keyof typeof CODES;

/** What the other side sent is not what this service takes. */
export class Wrong extends Error {
  readonly code: Code;
  constructor(code: Code, message: string) {
    super(message);
    this.code = code;
  }
}

/** Checks what was sent; a slip is kept as a fault and answered with `code`. */
export function demand(holds: unknown, code: Code, message: string): asserts holds {
  if (!holds) throw new Wrong(code, message);
}

/** Nothing more is to be said in this session. */
class Over extends Error {}

/** One client at one service. */
export interface Session {
  readonly server: Running;
  /** Which case to play. */
  readonly play: string;
  readonly frames: AsyncIterator<Frame>;
  send(message: object): void;
  /** Says that something failed, closes, and is done. */
  fail(code: Code): never;
  /** Breaks the connection without a word (1006), and is done. */
  breakOff(): never;
}

/** Plays one service: reads frames, answers. */
export interface Service {
  /** How it says that something failed. */
  failure(said: Said): object;
  /** How its address is signed; `null` where a handshake is good. */
  readonly refusalOf: (request: Handshake, nowMs: number) => HandshakeRefusal | null;
  serve(session: Session): Promise<void>;
}

/** A failure in numbers and words. */
export interface Said {
  readonly code: Code;
  readonly message: string;
  readonly sid: string;
}

/** What the older services have in common: a signature in the query, and a code beside the data. */
export const PLAIN: Pick<Service, 'failure' | 'refusalOf'> = {
  refusalOf,
  failure: (said) => ({ ...said, data: null }),
};

/** The same of the newer ones, which put the code into a header. */
export const WITH_HEADER: Pick<Service, 'failure' | 'refusalOf'> = {
  refusalOf,
  failure: (said) => ({ header: { ...said, status: 2 } }),
};

/** Ten seconds without a word from the client end a session; the case `idle` does not wait that long. */
const IDLE_MS = 10_000;
const SHORT_IDLE_MS = 20;

/** Serves one connection until its service is done or finds fault. */
export async function converse(socket: WebSocket, service: Service, play: string, server: Running): Promise<void> {
  const frames = channel<Frame>();
  const send = (message: object) => socket.send(JSON.stringify(message));
  const sid = 'sid000e4a1c@made5up';
  const fail = (code: Code) => {
    send(service.failure({ code, message: CODES[code], sid }));
    socket.close(1000);
  };
  let idle: NodeJS.Timeout | undefined;
  const listen = () => {
    clearTimeout(idle);
    idle = setTimeout(() => fail(10200), play === 'idle' ? SHORT_IDLE_MS : IDLE_MS);
  };
  listen();
  socket.on('message', (data, isBinary) => {
    listen();
    const frame = isBinary ? { bytes: Buffer.from(data as Buffer) } : parsed(String(data));
    if (frame) frames.push(frame);
    else frames.fail(new Wrong(10160, 'a message that is not JSON'));
  });
  socket.on('close', () => {
    clearTimeout(idle);
    frames.end();
  });
  try {
    await service.serve({
      server,
      play,
      frames: frames[Symbol.asyncIterator](),
      send,
      fail(code) {
        fail(code);
        throw new Over();
      },
      breakOff() {
        socket.terminate();
        throw new Over();
      },
    });
    if (play !== 'silence') socket.close(1000);
  } catch (error) {
    if (error instanceof Wrong) {
      server.faults.push(error.message);
      fail(error.code);
    } else if (!(error instanceof Over)) throw error;
  } finally {
    clearTimeout(idle);
  }
}

/** The next frame; `null` once the client has left. */
export async function next({ frames }: Session): Promise<Frame | null> {
  const { done, value } = await frames.next();
  return done ? null : value;
}

/** A field that must be an object. */
export function field(frame: Frame, name: string, code: Code = 10163): Frame {
  const value = frame[name];
  demand(typeof value === 'object' && value !== null && !Array.isArray(value), code, `${name} is missing`);
  return value as Frame;
}

/** The bytes of a base64 field, which must be the standard kind, padded. */
export function bytesIn(value: unknown, name: string): Buffer {
  demand(typeof value === 'string', 10163, `${name} is missing`);
  demand(value.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(value), 10161, `${name} is not base64`);
  return Buffer.from(value, 'base64');
}

function parsed(text: string): Frame | null {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null ? (json as Frame) : null;
  } catch {
    return null;
  }
}
