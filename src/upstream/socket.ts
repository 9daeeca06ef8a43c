import WebSocket from 'ws';
import { SensoriumError } from '#contract/error.ts';
import { throwIfCancelled } from '#kit/abort.ts';
import { channel } from '#kit/channel.ts';
import { connectionError, type Peer, readRefusal, refusalError } from './errors.ts';
import type { Patience } from './send.ts';

/** A message as it came: words, or bytes. */
export type Message = string | Buffer;

/** A WebSocket that is open. Reading it ends when the other side closes it well, and throws when it breaks or goes silent. */
export interface Socket extends AsyncIterable<Message> {
  /** Settles when the message has left. */
  send(message: Message): Promise<void>;
  /** How the other side closed it; `null` while it is open. */
  readonly closed: { readonly code: number; readonly reason: string } | null;
  close(): void;
}

const GOOD_CLOSES: ReadonlySet<number> = new Set([1000, 1001, 1005]);

/**
 * Opens a WebSocket. A server that refuses the handshake with an HTTP answer is understood like any other refusal.
 * Cancelling tears it down. Throws the errors of `peer.stage`.
 */
export function openSocket(
  url: URL,
  options: {
    readonly headers?: Readonly<Record<string, string>> | undefined;
    readonly peer: Peer;
    readonly patience: Patience;
    readonly signal: AbortSignal;
  },
): Promise<Socket> {
  const { peer, patience, signal } = options;
  throwIfCancelled(signal);
  const socket = new WebSocket(url, {
    headers: { 'user-agent': 'sensorium', ...options.headers },
    handshakeTimeout: patience.connectTimeoutMs,
    perMessageDeflate: false,
  });
  const messages = channel<Message>();
  let closed: Socket['closed'] = null;
  let silence: NodeJS.Timeout | undefined;
  const listen = () => {
    clearTimeout(silence);
    silence = setTimeout(() => fail(stalled(peer)), patience.stallTimeoutMs);
  };
  let refuse: (error: unknown) => void = () => {};
  const fail = (error: unknown) => {
    refuse(error);
    messages.fail(error);
    socket.terminate();
  };
  const stop = () => fail(connectionError(signal.reason, 'answering', peer, signal));
  signal.addEventListener('abort', stop, { once: true });
  socket.on('message', (data, isBinary) => {
    listen();
    const bytes = Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer);
    messages.push(isBinary ? bytes : bytes.toString('utf8'));
  });
  socket.on('close', (code, reason) => {
    clearTimeout(silence);
    signal.removeEventListener('abort', stop);
    closed = { code, reason: reason.toString('utf8') };
    if (GOOD_CLOSES.has(code)) messages.end();
    else messages.fail(closedBadly(peer, closed));
  });

  return new Promise((resolve, reject) => {
    refuse = reject;
    socket.on('unexpected-response', (_request, response) => {
      const refused = async () => {
        reject(refusalError(readRefusal(response.statusCode ?? null, await readBody(response)), peer));
        socket.terminate();
      };
      refused().catch(reject);
    });
    socket.on('error', (thrown) => {
      const error = connectionError(
        thrown,
        socket.readyState === WebSocket.CONNECTING ? 'connecting' : 'answering',
        peer,
        signal,
      );
      reject(error);
      messages.fail(error);
    });
    socket.on('open', () => {
      listen();
      resolve({
        send: (message) =>
          new Promise((sent, failed) => {
            socket.send(message, (error) =>
              error ? failed(connectionError(error, 'answering', peer, signal)) : sent(),
            );
          }),
        get closed() {
          return closed;
        },
        close: () => socket.close(1000),
        [Symbol.asyncIterator]: () => messages[Symbol.asyncIterator](),
      });
    });
  });
}

const MOST_READ_BYTES = 64 * 1024;

async function readBody(response: AsyncIterable<Buffer>): Promise<string> {
  const pieces: Buffer[] = [];
  let sizeBytes = 0;
  try {
    for await (const piece of response) {
      pieces.push(piece);
      sizeBytes += piece.length;
      if (sizeBytes > MOST_READ_BYTES) break;
    }
  } catch {
    // What came of it is what there is to read.
  }
  return Buffer.concat(pieces).toString('utf8');
}

function stalled(peer: Peer): SensoriumError {
  return new SensoriumError(
    `${peer.stage}.upstream-failed`,
    `${peer.host} stopped in the middle of its answer and was given up.`,
    {
      hint: 'Ask again; if it stays so, the server is overloaded.',
      details: { host: peer.host, model: peer.model },
    },
  );
}

function closedBadly(peer: Peer, { code }: { readonly code: number }): SensoriumError {
  return new SensoriumError(
    `${peer.stage}.upstream-failed`,
    `${peer.host} closed the connection in the middle (${code}).`,
    {
      hint: 'Ask again; if it stays so, look at the server.',
      details: { host: peer.host, model: peer.model, closeCode: code },
    },
  );
}
