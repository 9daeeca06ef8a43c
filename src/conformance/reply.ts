/** What a conformance server answers: each of `pieces` leaves as a packet of its own. */
export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly pieces: readonly (string | Uint8Array)[];
  /** After the pieces: a proper end, a torn connection, or silence until the other side leaves. */
  readonly ending?: 'end' | 'reset' | 'silence';
  /** Milliseconds between two pieces; as fast as the loop turns where it is left out. */
  readonly pauseMs?: number;
  /** The connection breaks before anything is answered. */
  readonly refusesConnection?: boolean;
}

/** An answer in one piece of JSON. */
export function json(body: object, status = 200, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, headers: { 'content-type': 'application/json', ...headers }, pieces: [JSON.stringify(body)] };
}

/** Server-sent events, one for each line of data; `mark` is what stands before it (`data: `, or `data:` at some vendors). */
export function events(lines: readonly (object | string)[], mark = 'data: '): Reply {
  const pieces = lines.map((line) => `${mark}${typeof line === 'string' ? line : JSON.stringify(line)}\n\n`);
  return { headers: { 'content-type': 'text/event-stream' }, pieces };
}

/** The same answer with every byte a packet of its own: lines, characters and base64 are cut wherever they can be. */
export function byteByByte(reply: Reply): Reply {
  const whole = Buffer.concat(reply.pieces.map((piece) => Buffer.from(piece)));
  return { ...reply, pieces: [...whole].map((byte) => Uint8Array.of(byte)) };
}
