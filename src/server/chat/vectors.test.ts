import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { fileOfTorch } from '#kit/tensor/__fixtures__/crafted.ts';
import { writeTensor } from '#kit/tensor/tensor.ts';
import { openLog, wordsLog } from '../observe/log.ts';
import { logVectors, type VectorDoor, vectorsOf } from './vectors.ts';

const values = new Float32Array([0.5, -1, 2, 0, 0.25, 8]);
const data = writeTensor({ rows: 2, width: 3, values, type: 'float32' }).toString('base64');
const part = { type: 'prompt_embeds', data, surrogate: ' a slow melody ' } as const;
const OPEN: VectorDoor = { accept: true, mayBring: true };
const read = (more: Partial<Record<keyof typeof part, string>> = {}, door = OPEN) =>
  vectorsOf({ ...part, ...more } as typeof part, 'messages[0].content[1]', 'vectors-1', door);

describe('vectors of a caller', () => {
  it('are read with the words they stand for, and known by the hash of their numbers', () => {
    const sha256 = createHash('sha256').update(Buffer.from(values.buffer)).digest('hex');
    const expected = {
      part: 'vectors-1',
      rows: 2,
      width: 3,
      values,
      surrogate: 'a slow melody',
      sha256,
      component: null,
    };
    expect(read()).toEqual(expected);
    // However they were stored.
    const coarse = writeTensor({ rows: 2, width: 3, values, type: 'bfloat16' }).toString('base64');
    expect(read({ data: coarse }).sha256).toBe(sha256);
  });

  it.each([
    [{ accept: false, mayBring: true }, 'inject.accept'],
    [{ accept: true, mayBring: false }, '--vectors'],
    [{ accept: false, mayBring: false }, 'inject.accept'],
  ])('are not even read where they are not allowed: %j', (door, hint) => {
    expect(() => read({ data: 'not base64', surrogate: '' }, door)).toThrow(
      expect.objectContaining({
        code: 'inject.not-allowed',
        hint: expect.stringContaining(hint),
        details: { fallback: 'none' },
      }),
    );
  });

  it.each([undefined, '', ' \n'])('are refused without words for moderation: %j', (surrogate) => {
    expect(() => vectorsOf({ ...part, surrogate }, 'messages[0].content[1]', 'vectors-1', OPEN)).toThrow(
      'messages[0].content[1].surrogate is required',
    );
  });

  it('are refused with words too long to be looked at', () => {
    expect(() => read({ surrogate: 'a'.repeat(32_769) })).toThrow('32768 are taken');
  });

  it.each([
    ['sparse', 'EMB_SHAPE'],
    ['expanded', 'EMB_TOO_LARGE'],
    ['not-finite', 'EMB_NOT_FINITE'],
  ])('are refused by the gate’s code, with the place in the request: %s', (name, code) => {
    expect(() => read({ data: fileOfTorch(name).toString('base64') })).toThrow(
      expect.objectContaining({
        code: 'inject.bad-vectors',
        message: expect.stringMatching(/^messages\[0\]\.content\[1\]: /),
        hint: expect.stringMatching(/\w/),
        details: expect.objectContaining({
          code,
          part: 'vectors-1',
          param: 'messages[0].content[1].data',
          fallback: 'none',
        }),
      }),
    );
  });
});

it.each([true, false])('the log has their hash and whose they are, and their words only where it may: %s', (pii) => {
  const lines: string[] = [];
  const settings = { level: 'info', pii } as const;
  const log = openLog(settings, { write: (line) => void lines.push(line) });
  const vectors = read();
  const turns = [{ role: 'user' as const, content: [{ kind: 'vectors' as const, vectors }] }];
  logVectors(turns, { request: 'req_1', key: 'key_1' }, { log, words: wordsLog(log, settings) });
  const [facts, words] = lines.map((line) => JSON.parse(line));
  const { sha256 } = vectors;
  expect(facts).toMatchObject({
    request: 'req_1',
    key: 'key_1',
    vectors: [{ part: 'vectors-1', rows: 2, width: 3, sha256 }],
  });
  expect(lines.join('').includes('melody')).toBe(pii);
  expect(words?.pii).toEqual(pii ? { surrogates: [{ sha256, surrogate: 'a slow melody' }] } : undefined);
  logVectors(
    [{ role: 'user', content: [] }],
    { request: 'req_2', key: undefined },
    { log, words: () => expect.fail() },
  );
  expect(lines).toHaveLength(pii ? 2 : 1);
});
