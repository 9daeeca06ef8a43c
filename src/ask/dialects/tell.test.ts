import { describe, expect, it } from 'vitest';
import type { AskEvent } from '#contract/chat.ts';
import type { Peer } from '#upstream/errors.ts';
import type { Chunk } from './openai/chunk.ts';
import { piecesOf, SAYS_NOTHING, tell } from './tell.ts';

async function* from<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const out: T[] = [];
  for await (const item of items) out.push(item);
  return out;
}

describe('piecesOf', () => {
  it.each([1, 2, 3, 5, 100])('cuts at separators however the bytes are cut (%i at a time)', async (size) => {
    const bytes = Buffer.from('一<SEP>two <SE<SEP><SEP>四🐈');
    const packets = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
      bytes.subarray(at * size, (at + 1) * size),
    );
    expect(await all(piecesOf(from(packets), '<SEP>'))).toEqual(['一', 'two <SE', '', '四🐈']);
  });

  it('gives up on a piece without end', async () => {
    const megabyte = Buffer.alloc(2 ** 20, 'x');
    await expect(all(piecesOf(from(Array<Buffer>(9).fill(megabyte)), '\n'))).rejects.toThrow('without end');
  });
});

describe('tell', () => {
  const peer: Peer = { stage: 'ask', host: 'here', model: 'm', keyName: 'KEY', secrets: [] };
  const told = (chunks: AsyncIterable<Chunk>, options = {}): Promise<AskEvent[]> =>
    all(tell(chunks, peer, new AbortController().signal, options));
  const says = (fields: Partial<Chunk>): Chunk => ({ ...SAYS_NOTHING, ...fields });

  it('takes an answer for whole when it says why it stopped', async () => {
    const events = await told(from([says({ text: 'Yes.' }), says({ reason: 'length' })]));
    expect(events.at(-1)).toMatchObject({ answer: { text: 'Yes.', finishReason: 'length' } });
  });

  it('takes one that does not for cut off, unless that is this server’s way; never one without a word', async () => {
    const words = [says({ text: 'Yes.' })];
    await expect(told(from(words))).rejects.toMatchObject({
      code: 'ask.upstream-failed',
      details: { receivedChars: 4 },
    });
    expect((await told(from(words), { endsSilently: true })).at(-1)).toMatchObject({ answer: { finishReason: null } });
    await expect(told(from([]), { endsSilently: true })).rejects.toMatchObject({ code: 'ask.upstream-failed' });
  });

  it('forgives what breaks after the reason to stop, and nothing that breaks before', async () => {
    async function* breaking(reason: string | null): AsyncGenerator<Chunk> {
      yield says({ text: 'Yes.', reason });
      throw Object.assign(new Error('gone'), { code: 'ECONNRESET' });
    }
    expect((await told(breaking('stop'))).at(-1)).toMatchObject({ answer: { text: 'Yes.' } });
    await expect(told(breaking(null))).rejects.toMatchObject({ code: 'ask.upstream-failed' });
  });
});
