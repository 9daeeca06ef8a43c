import { byteByByte, type Reply } from './reply.ts';

/** How a vendor words the refusals that every server knows. */
export interface Refusals {
  readonly badKey: Reply;
  readonly rateLimited: Reply;
  readonly quotaSpent: Reply;
  readonly filteredInput: Reply;
  /** One line of a stream that says the output was stopped by a filter, and how the stream ends after it. */
  readonly filteredOutput: string;
  /** One line of a stream that says the server failed. */
  readonly failedMidway: string;
}

/** The cases every streaming HTTP server is asked for, by name (`research/providers.md` §10.0). */
export const HTTP_CASES: Readonly<Record<string, string>> = {
  'byte-by-byte': 'H2: every byte is a packet of its own',
  'crlf-comments': 'H2: \\r\\n line ends, keep-alive comments, empty lines and a byte order mark',
  'bad-key': 'H3: the key is refused',
  'rate-limited': 'H4: 429 without a word on when to come back',
  'rate-limited-seconds': 'H4: 429 with Retry-After in seconds',
  'rate-limited-date': 'H4: 429 with Retry-After as a date',
  'rate-limited-ms': 'H4: 429 with retry-after-ms',
  'quota-spent': 'H4: the account has nothing left; not worth retrying',
  'filtered-input': 'H5: the question is refused by a content filter',
  'filtered-output': 'H5: the answer is stopped by a content filter in its middle',
  'failed-midway': 'H6: an error object in the middle of a stream',
  'malformed-line': 'H7: a line that is not JSON',
  'html-line': 'H7: a web page in the middle of a stream',
  'cut-off': 'H8: the stream ends without saying why',
  'error-500': 'H10: 500',
  'page-502': 'H10: 502 with a web page',
  'busy-503': 'H10: 503 with Retry-After',
  'gateway-504': 'H10: 504',
  'reset-before': 'H10: the connection breaks before the first byte',
  'reset-midway': 'H10: the connection breaks in the middle',
  stalled: 'H10: the stream stands still',
  'slow-trickle': 'H10: a piece every few milliseconds',
};

/** How long a stalled or slow case waits between pieces. */
const TRICKLE_MS = 5;

/** What to answer in a case, made from the vendor's good streamed answer; `null` for `happy` and cases of its own. */
export function httpCase(name: string, good: Reply, refusals: Refusals): Reply | null {
  const half = good.pieces.slice(0, Math.max(1, Math.floor(good.pieces.length / 2)));
  const retry = (headers: Record<string, string>): Reply => ({
    ...refusals.rateLimited,
    headers: { ...refusals.rateLimited.headers, ...headers },
  });
  switch (name) {
    case 'byte-by-byte':
      return byteByByte(good);
    case 'crlf-comments': {
      const lines = good.pieces.map((piece) => `: keep-alive\r\n\r\n${String(piece).replaceAll('\n', '\r\n')}`);
      return { ...good, pieces: ['\ufeff', ...lines] };
    }
    case 'bad-key':
      return refusals.badKey;
    case 'rate-limited':
      return refusals.rateLimited;
    case 'rate-limited-seconds':
      return retry({ 'retry-after': '1' });
    case 'rate-limited-date':
      return retry({ 'retry-after': new Date(Date.now() + 1_000).toUTCString() });
    case 'rate-limited-ms':
      return retry({ 'retry-after-ms': '20' });
    case 'quota-spent':
      return refusals.quotaSpent;
    case 'filtered-input':
      return refusals.filteredInput;
    case 'filtered-output':
      return { ...good, pieces: [...half, refusals.filteredOutput] };
    case 'failed-midway':
      return { ...good, pieces: [...half, refusals.failedMidway] };
    case 'malformed-line':
      return { ...good, pieces: [...half, 'data: {"choices": [{\n\n'] };
    case 'html-line':
      return { ...good, pieces: [...half, 'data: <html><title>Bad Gateway</title></html>\n\n'] };
    case 'cut-off':
      return { ...good, pieces: half };
    case 'error-500':
      return { status: 500, headers: { 'content-type': 'text/plain' }, pieces: ['Internal Server Error'] };
    case 'page-502':
      return {
        status: 502,
        headers: { 'content-type': 'text/html' },
        pieces: ['<html><head><title>502 Bad Gateway</title></head></html>'],
      };
    case 'busy-503':
      return { status: 503, headers: { 'content-type': 'text/plain', 'retry-after': '0' }, pieces: ['busy'] };
    case 'gateway-504':
      return { status: 504, headers: { 'content-type': 'text/plain' }, pieces: ['Gateway Timeout'] };
    case 'reset-before':
      return { pieces: [], refusesConnection: true };
    case 'reset-midway':
      return { ...good, pieces: half, ending: 'reset' };
    case 'stalled':
      return { ...good, pieces: half, ending: 'silence' };
    case 'slow-trickle':
      return { ...good, pauseMs: TRICKLE_MS };
    default:
      return null;
  }
}
