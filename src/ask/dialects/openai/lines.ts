import { createParser } from 'eventsource-parser';
import type { HttpReply } from '#kit/http.ts';
import { type Peer, readRefusal, refusalError } from './errors.ts';

/** What a reply is made of: JSON messages, and the mark that it is complete. */
export type Line =
  | { readonly kind: 'json'; readonly json: unknown; readonly isError: boolean }
  | { readonly kind: 'done' };

const MAX_LINE_CHARS = 8 * 2 ** 20;

/**
 * Reads a reply to its end: server-sent events, or one JSON answer from a server that does not stream. Which of the two is
 * seen from the first character, since the content type is often wrong. Bytes may be cut anywhere.
 */
export async function* readLines(
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  peer: Peer,
): AsyncGenerator<Line> {
  const decoder = new TextDecoder();
  const lines: Line[] = [];
  let broken: string | null = null;
  const parser = createParser({
    maxBufferSize: MAX_LINE_CHARS,
    onEvent: ({ data, event }) => {
      if (data.trim() === '') return;
      if (data.trim() === '[DONE]') lines.push({ kind: 'done' });
      else {
        try {
          lines.push({ kind: 'json', json: JSON.parse(data), isError: event === 'error' });
        } catch {
          broken ??= event === 'error' ? data : `a line that is not JSON: ${data}`;
        }
      }
    },
    onError: ({ type }) => {
      if (type === 'max-buffer-size-exceeded') broken ??= `a line of more than ${MAX_LINE_CHARS} characters`;
    },
  });
  let start = '';
  let isStream: boolean | null = null;

  for await (const bytes of body) {
    const text = decoder.decode(bytes, { stream: true });
    if (isStream !== true) {
      start += text;
      isStream ??= /\S/.test(start) ? !/^\s*[{[<]/.test(start) : null;
      if (isStream === false && start.length > MAX_LINE_CHARS) broken = 'an answer without end';
      if (isStream) parser.feed(start);
    } else parser.feed(text);
    while (lines.length > 0) yield lines.shift() as Line;
    if (broken !== null) throw refusalError({ status: null, message: broken, marks: '' }, peer);
  }

  if (isStream) {
    // A last event whose closing blank line never came still counts.
    parser.reset({ consume: true });
    parser.feed('\n\n');
    yield* lines;
  } else if (start.trim() !== '') {
    const json = parsed(start);
    if (json === undefined) throw refusalError({ ...readRefusal(null, start), marks: '' }, peer);
    yield { kind: 'json', json, isError: false };
    yield { kind: 'done' };
  }
}

const DONE: Line = { kind: 'done' };

/** Reads a reply that was to be one JSON answer. A server that streams all the same is read as well. */
export async function readWhole(reply: HttpReply, peer: Peer): Promise<readonly Line[]> {
  const sizeBytes = Number(reply.headers['content-length']);
  if (sizeBytes <= MAX_LINE_CHARS) {
    const text = await reply.body.text();
    const json = parsed(text);
    if (json !== undefined) return [{ kind: 'json', json, isError: false }, DONE];
    return await all(readLines([Buffer.from(text)], peer));
  }
  return all(readLines(reply.body, peer));
}

async function all(lines: AsyncIterable<Line>): Promise<Line[]> {
  const out: Line[] = [];
  for await (const line of lines) out.push(line);
  return out;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
