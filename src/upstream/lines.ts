import { StringDecoder } from 'node:string_decoder';
import { createParser } from 'eventsource-parser';
import type { HttpReply } from '#kit/http.ts';
import { type Peer, readRefusal, refusalError } from './errors.ts';

/** What a reply is made of: JSON messages, the mark that it is complete, and what breaks it off. */
export type Line =
  | { readonly kind: 'json'; readonly json: unknown; readonly isError: boolean }
  | { readonly kind: 'done' }
  | { readonly kind: 'broken'; readonly error: Error };

const MAX_LINE_CHARS = 8 * 2 ** 20;

/** Takes a reply apart as it arrives. Bytes may be cut anywhere. Throws what makes them no reply. */
export interface LineReader {
  /** The messages that are whole with these bytes. */
  push(bytes: Buffer): readonly Line[];
  /** What the end of the reply makes whole. */
  end(): readonly Line[];
}

/**
 * Reads server-sent events, or one JSON answer from a server that does not stream. Which of the two is seen from the first
 * character, since the content type is often wrong.
 */
export function lineReader(peer: Peer): LineReader {
  const decoder = new StringDecoder('utf8');
  let lines: Line[] = [];
  let broken: string | null = null;
  const parser = createParser({
    maxBufferSize: MAX_LINE_CHARS,
    onEvent: ({ data, event }) => {
      const text = data.trim();
      // What comes after a broken line, be it the mark of a good end, makes nothing whole.
      if (text === '' || broken !== null) return;
      if (text === '[DONE]') lines.push(DONE);
      else {
        const json = parsed(data);
        if (json !== undefined) lines.push({ kind: 'json', json, isError: event === 'error' });
        else broken ??= event === 'error' ? data : `a line that is not JSON: ${data}`;
      }
    },
    onError: ({ type }) => {
      if (type === 'max-buffer-size-exceeded') broken ??= `a line of more than ${MAX_LINE_CHARS} characters`;
    },
  });
  let start = '';
  let isStream: boolean | null = null;

  const taken = (): readonly Line[] => {
    const out = lines;
    lines = [];
    if (broken === null) return out;
    const error = refusalError({ status: null, message: broken, marks: '' }, peer);
    // What came whole before it still counts.
    return [...out, { kind: 'broken', error }];
  };

  return {
    push(bytes) {
      const text = decoder.write(bytes);
      if (isStream === true) parser.feed(text);
      else {
        start += text;
        isStream ??= /\S/.test(start) ? !/^\s*[{[<]/.test(start) : null;
        if (isStream === false && start.length > MAX_LINE_CHARS) broken = 'an answer without end';
        if (isStream) parser.feed(start.replace(/^\ufeff/, ''));
      }
      return taken();
    },
    end() {
      if (isStream) {
        // A last event whose closing blank line never came still counts.
        parser.reset({ consume: true });
        parser.feed('\n\n');
        return lines;
      }
      if (start.trim() === '') return [];
      const json = parsed(start);
      if (json === undefined) throw refusalError({ ...readRefusal(null, start), marks: '' }, peer);
      return [{ kind: 'json', json, isError: false }, DONE];
    },
  };
}

const DONE: Line = { kind: 'done' };

/** Reads a reply that was to be one JSON answer. A server that streams all the same is read as well. */
export async function readWhole({ headers, body }: HttpReply, peer: Peer): Promise<readonly Line[]> {
  const reader = lineReader(peer);
  if (Number(headers['content-length']) <= MAX_LINE_CHARS) {
    const text = await body.text();
    const json = parsed(text);
    if (json !== undefined) return [{ kind: 'json', json, isError: false }, DONE];
    return [...reader.push(Buffer.from(text)), ...reader.end()];
  }
  const lines: Line[] = [];
  for await (const bytes of body) lines.push(...reader.push(bytes));
  lines.push(...reader.end());
  return lines;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
