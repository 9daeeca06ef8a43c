import { expect, it } from 'vitest';
import type { HttpReply } from '#kit/http.ts';
import { messagesOf } from './messages.ts';

const PEER = { stage: 'hear', host: 'example.com', model: 'ear', keyName: 'KEY', secrets: [] } as const;

/** A reply in pieces, and how it was left. */
function replyOf(...texts: string[]) {
  const pieces = texts.map((text) => Buffer.from(text));
  const left = { how: 'open' };
  const body = {
    next: async () => pieces.shift() ?? null,
    complete: false,
    destroy: () => (left.how = 'destroyed'),
    discard: () => (left.how = 'discarded'),
  };
  return { reply: { status: 200, headers: {}, body } as unknown as HttpReply, left };
}

async function read(...texts: string[]) {
  const { reply, left } = replyOf(...texts);
  const got: unknown[] = [];
  const error = await (async () => {
    for await (const message of messagesOf(reply, PEER, new AbortController().signal)) got.push(message);
  })().catch((thrown: unknown) => thrown);
  return { got, error, left: left.how };
}

it('gives the messages of a stream up to its end, or the one of a reply in one piece', async () => {
  expect(await read('data: {"a":1}\n', '\ndata: {"a":2}\n\ndata: [DONE]\n\n')).toEqual({
    got: [{ a: 1 }, { a: 2 }],
    error: undefined,
    left: 'discarded',
  });
  expect(await read('{"a"', ':1}')).toMatchObject({ got: [{ a: 1 }], error: undefined });
});

it('throws the refusal that a message is, in the server’s words', async () => {
  const { got, error, left } = await read(
    'data: {"a":1}\n\n',
    'data: {"error":{"code":"1234","message":"fell over"}}\n\n',
  );
  expect(got).toEqual([{ a: 1 }]);
  expect(error).toMatchObject({ code: 'hear.upstream-failed', message: expect.stringContaining('fell over') });
  expect(left).toBe('destroyed');
});

it('throws for a line that is no message, and for a stream that ends without saying so', async () => {
  const broken = await read('data: {"a":1}\n\ndata: <html>\n\ndata: [DONE]\n\n');
  expect(broken.error).toMatchObject({ code: 'hear.upstream-failed', message: expect.stringContaining('not JSON') });
  expect(broken.got).toEqual([{ a: 1 }]);
  const cut = await read('data: {"a":1}\n\n');
  expect(cut.error).toMatchObject({ code: 'hear.upstream-failed', message: expect.stringContaining('in the middle') });
});
