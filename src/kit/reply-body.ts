import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';

/** The body of a reply while it arrives, for one reader. A reader that leaves early must `destroy` it. */
export interface ReplyBody extends AsyncIterable<Buffer> {
  /** The next piece, or `null` after the last. Throws what the connection failed with. */
  next(): Promise<Buffer | null>;
  /** All of it, as UTF-8. */
  text(): Promise<string>;
  json(): Promise<unknown>;
  /** Whether all of it has come. */
  readonly complete: boolean;
  /** Throws away what is still to come, so that the connection can serve the next request. */
  discard(): void;
  /** Lets go of the connection at once. */
  destroy(): void;
}

/** What the first line and the headers of a reply say, with its body. Header names are in small letters. */
export interface ReplyHead {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ReplyBody;
}

/** A reply waits on its connection while more than this is unread. */
const MOST_UNREAD_BYTES = 64 * 1024;

/** One request on its way: undici tells it what comes, a reader takes the body from it. No stream objects in between. */
export class Exchange implements Dispatcher.DispatchHandler, ReplyBody {
  readonly #onHead: (head: ReplyHead) => void;
  readonly #onFailure: (error: unknown) => void;
  readonly #signal: AbortSignal | undefined;
  readonly #sent: Readable | null;
  #controller: Dispatcher.DispatchController | null = null;
  #unread: Buffer[] = [];
  #unreadBytes = 0;
  #state: 'open' | 'complete' | 'failed' = 'open';
  #failure: unknown = null;
  #isDiscarded = false;
  #wake: (() => void) | null = null;

  /** `sent` is the request's body where it is a stream, which ends with the request. */
  constructor(
    onHead: (head: ReplyHead) => void,
    onFailure: (error: unknown) => void,
    signal: AbortSignal | undefined,
    sent: Readable | null,
  ) {
    this.#onHead = onHead;
    this.#onFailure = onFailure;
    this.#signal = signal;
    this.#sent = sent;
    signal?.addEventListener('abort', this);
  }

  /** Called when the signal fires. */
  handleEvent(): void {
    this.#fail(this.#signal?.reason);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#state === 'failed') controller.abort(asError(this.#failure));
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    // 1xx: the reply itself is still to come.
    if (status < 200) return;
    for (const name in headers) {
      const value = headers[name];
      if (Array.isArray(value)) headers[name] = value.join(', ');
    }
    this.#onHead({ status, headers: headers as Record<string, string>, body: this });
  }

  onResponseData(controller: Dispatcher.DispatchController, piece: Buffer): void {
    if (this.#isDiscarded) return;
    this.#unread.push(piece);
    this.#unreadBytes += piece.length;
    if (this.#unreadBytes > MOST_UNREAD_BYTES) controller.pause();
    this.#rouse();
  }

  onResponseEnd(): void {
    if (this.#state !== 'open') return;
    this.#state = 'complete';
    this.#leave();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail(error);
  }

  get complete(): boolean {
    return this.#state === 'complete';
  }

  async next(): Promise<Buffer | null> {
    for (;;) {
      const piece = this.#unread.shift();
      if (piece) {
        this.#unreadBytes -= piece.length;
        if (this.#unread.length === 0) this.#controller?.resume();
        return piece;
      }
      if (this.#state === 'complete') return null;
      if (this.#state === 'failed') throw this.#failure;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    try {
      for (let piece = await this.next(); piece; piece = await this.next()) yield piece;
    } finally {
      this.destroy();
    }
  }

  async text(): Promise<string> {
    const pieces: Buffer[] = [];
    for (let piece = await this.next(); piece; piece = await this.next()) pieces.push(piece);
    const text = (pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces)).toString('utf8');
    return text.charCodeAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text;
  }

  async json(): Promise<unknown> {
    return JSON.parse(await this.text());
  }

  discard(): void {
    this.#isDiscarded = true;
    this.#unread = [];
    this.#controller?.resume();
  }

  destroy(): void {
    if (this.#state === 'open') this.#fail(new Error('The reply was let go of.'));
  }

  #fail(error: unknown): void {
    if (this.#state !== 'open') return;
    this.#state = 'failed';
    this.#failure = error;
    this.#leave();
    this.#onFailure(error);
    this.#controller?.abort(asError(error));
    // What is not sent any more must not be read on.
    this.#sent?.on('error', () => {}).destroy();
  }

  #leave(): void {
    this.#signal?.removeEventListener('abort', this);
    this.#rouse();
  }

  #rouse(): void {
    this.#wake?.();
    this.#wake = null;
  }
}

const BYTE_ORDER_MARK = 0xfeff;

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('Cancelled.');
}
