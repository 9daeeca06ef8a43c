import { mkdir, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byteLevelKeys, ggufBytes, tableOf, written } from './__fixtures__/made.ts';
import { openEmbeddingTable, openTokens } from './index.ts';

const signal = new AbortController().signal;
const WORDS = ['你好', '世界', '吧', ' the', "'s"];

async function made(options: { pre?: string; value?: (id: number) => number } = {}) {
  const keys = byteLevelKeys(WORDS, options.pre);
  const count = (keys['tokenizer.ggml.tokens'] as string[]).length;
  const table = options.value ? { 'token_embd.weight': tableOf(count, options.value) } : {};
  return written('model.gguf', ggufBytes(keys, table));
}

describe('a byte-level vocabulary', () => {
  it('cuts a text by its merges and puts it together again', async () => {
    const tokens = await openTokens(await made(), signal);
    const bytesOf = (text: string) => tokens.encode(text).map((id) => Buffer.from(tokens.bytesOf(id)).toString());
    expect(bytesOf('你好吧 the')).toEqual(['你好', '吧', ' the']);
    expect(bytesOf("it's")).toEqual(['i', 't', "'s"]);
    expect(tokens.encode('𬬱')).toHaveLength(4);
    expect(tokens.id).toMatch(/^made@[0-9a-f]{12}$/);
    expect(tokens.trained).toBeNull();
  });

  it('takes a mark in a text for what it is: letters, unless users may write it', async () => {
    const tokens = await openTokens(await made(), signal);
    expect(tokens.encode('<|end|>').length).toBeGreaterThan(1);
    expect(tokens.encode('<tool>')).toHaveLength(1);
    expect(tokens.decode(tokens.encode('a<tool>b<|end|>'))).toBe('a<tool>b<|end|>');
  });

  it.each([
    'qwen2',
    'llama-bpe',
    'gpt-2',
    'smollm',
    'deepseek-v3',
    'deepseek-llm',
    'deepseek-coder',
    'gpt-4o',
    'tekken',
    'glm4',
    'qwen35',
  ])('gives back every text when cut as %s', async (pre) => {
    const tokens = await openTokens(await made({ pre }), signal);
    const letters = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: 'binary' }),
      fc.constantFrom('你好', ' the', '\r\n\t', '123456', '\ufeff', '𬬱'),
    );
    fc.assert(
      fc.property(fc.array(letters, { maxLength: 8 }), (parts) => {
        const text = parts.join('');
        expect(tokens.decode(tokens.encode(text))).toBe(text);
      }),
      { numRuns: 60 },
    );
  });

  it('is refused when nobody knows how it cuts texts', async () => {
    await expect(openTokens(await made({ pre: 'next-year' }), signal)).rejects.toMatchObject({
      code: 'ledger.tokenizer-unusable',
      message: expect.stringContaining('next-year'),
    });
  });
});

describe('a vocabulary of scored pieces', () => {
  const keys = {
    'general.name': 'scored',
    'tokenizer.ggml.model': 'llama',
    'tokenizer.ggml.tokens': [
      '<unk>',
      '<s>',
      ...Array.from({ length: 256 }, (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`),
      '▁',
      'a',
      'b',
      'ab',
      '▁a',
      '吧',
      '▁ab',
      '\ufeff',
    ],
    'tokenizer.ggml.scores': [...Array.from({ length: 258 }, () => 0), -9, -8, -7, -1, -2, -6, -5, -20],
    'tokenizer.ggml.token_type': [2, 3, ...Array.from({ length: 256 }, () => 6), 1, 1, 1, 1, 1, 1, 1, 1],
  };

  it('joins what scores highest first, puts a space before the first word and spells the rest in bytes', async () => {
    const tokens = await openTokens(await written('m.gguf', ggufBytes(keys)), signal);
    const pieces = (text: string) =>
      tokens.encode(text).map((id) => Buffer.from(tokens.bytesOf(id)).toString('latin1'));
    expect(pieces('ab')).toEqual([' ab']);
    expect(pieces('a b')).toEqual([' a', ' ', 'b']);
    expect(tokens.encode('彧')).toHaveLength(4);
    expect(tokens.encodeCharacter('彧')).toHaveLength(3);
    expect(tokens.encodeCharacter('吧')).toHaveLength(1);
    expect(tokens.encodeCharacter('\ufeff')).toHaveLength(1);
    for (const text of ['ab 吧彧', ' a', '', '\ufeffa', '😀']) expect(tokens.decode(tokens.encode(text))).toBe(text);
  });
});

describe('a tokenizer.json', () => {
  const json = {
    ...{ version: '1.0', added_tokens: [], normalizer: { type: 'NFC' }, post_processor: null },
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
    decoder: { type: 'ByteLevel' },
    model: {
      type: 'BPE',
      vocab: Object.fromEntries(
        (byteLevelKeys([])['tokenizer.ggml.tokens'] as string[]).map((piece, id) => [piece, id]),
      ),
      merges: [],
    },
  };

  it('is read from its folder, and what it silently rewrites is seen', async () => {
    const path = await written('tokenizer.json', JSON.stringify(json));
    const tokens = await openTokens(dirname(path), signal);
    expect(tokens.decode(tokens.encode('更\uf901'))).toBe('更更');
    expect(tokens.id).toBe((await openTokens(path, signal)).id);
  });

  it('gets its embeddings from safetensors beside it', async () => {
    const path = await written('tokenizer.json', JSON.stringify(json));
    const rows = Float32Array.from({ length: 259 * 2 }, (_, at) => at);
    const head = Buffer.from(
      JSON.stringify({
        'model.embed_tokens.weight': { dtype: 'F32', shape: [259, 2], data_offsets: [0, rows.byteLength] },
      }),
    );
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(head.length));
    await writeFile(join(dirname(path), 'model.safetensors'), Buffer.concat([length, head, Buffer.from(rows.buffer)]));
    const table = await openEmbeddingTable(dirname(path));
    expect((await table.rows([3, 0])).map((row) => [...row])).toEqual([
      [6, 7],
      [0, 1],
    ]);
    await expect(table.rows([259])).rejects.toBeInstanceOf(RangeError);
    await table.close();
    expect((await openTokens(path, signal)).trained?.norms[3]).toBeCloseTo(Math.hypot(6, 7));
  });

  it.each(['', '{}', '[1]', 'null', '{"model":{"vocab":{"a":0}}}', '{"model":{"vocab":{"a":1e9}}}'])(
    'is refused when it is %s',
    async (content) => {
      await expect(openTokens(await written('tokenizer.json', content), signal)).rejects.toMatchObject({
        code: 'ledger.tokenizer-unusable',
      });
    },
  );
});

describe('the embedding table', () => {
  // Rows 0xc0, 0xc1, 0xf5 … 0xff and the free place were never trained.
  const value = (id: number) =>
    id === 0xc0 || id === 0xc1 || (id >= 0xf5 && id <= 0xff) ? 0.01 : id < 8 ? 0.02 : 1 + (id % 7) / 10;

  it('tells tokens that were hardly trained, and keeps what it told', async () => {
    const path = await made({ value });
    const cacheFolder = join(dirname(path), 'kept');
    const { trained } = await openTokens(path, signal, { cacheFolder });
    expect(trained?.untrainedRows).toBe(14);
    expect(trained?.underTrained(2)).toBeGreaterThan(0.4);
    expect(trained?.underTrained(100)).toBeLessThan(1e-6);
    expect(trained?.underTrained(99_999)).toBeNull();
    const [kept = ''] = await readdir(cacheFolder);
    expect((await stat(join(cacheFolder, kept))).size).toBe((trained?.norms.length ?? 0) * 8);
    // What was kept is used again: a mark put into it shows. A file of another date is read afresh.
    const bytes = await readFile(join(cacheFolder, kept));
    bytes.writeFloatLE(7, 0);
    await writeFile(join(cacheFolder, kept), bytes);
    expect((await openTokens(path, signal, { cacheFolder })).trained?.norms[0]).toBe(7);
    await utimes(path, 1, 1);
    expect((await openTokens(path, signal, { cacheFolder })).trained?.norms[0]).toBeCloseTo(0.04);
  });

  it('is left out where it cannot be kept or is stored in an unknown form', async () => {
    const path = await made({ value });
    const blocked = join(dirname(path), 'file');
    await mkdir(blocked);
    await writeFile(join(blocked, 'x'), '');
    expect((await openTokens(path, signal, { cacheFolder: join(blocked, 'x', 'y') })).trained).not.toBeNull();
    const keys = byteLevelKeys(WORDS);
    const strange = { 'token_embd.weight': { ...tableOf(4, () => 1), type: 10 } };
    expect((await openTokens(await written('a.gguf', ggufBytes(keys, strange)), signal)).trained).toBeNull();
  });
});

describe('files from outside', () => {
  it('are refused with what to do, never with a crash', async () => {
    const whole = ggufBytes(byteLevelKeys(WORDS), { 'token_embd.weight': tableOf(270, () => 1) });
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), async (at, byte) => {
        for (const bytes of [
          whole.subarray(0, at),
          Buffer.concat([whole.subarray(0, at), Buffer.of(byte), whole.subarray(at + 1)]),
        ]) {
          const path = await written('m.gguf', bytes);
          await openTokens(path, signal).catch((error: unknown) =>
            expect(error).toMatchObject({ code: 'ledger.tokenizer-unusable' }),
          );
        }
      }),
      { numRuns: 60 },
    );
  });

  it.each(['/nowhere/model.gguf', '/nowhere/tokenizer.json', 'https://example.com/model.gguf'])(
    'say so of %s',
    async (source) => {
      await expect(openTokens(source, signal)).rejects.toMatchObject({
        code: 'ledger.tokenizer-unusable',
        hint: expect.stringContaining('tokenizer.json'),
      });
    },
  );

  it('are not read once nobody wants them', async () => {
    await expect(openTokens(await made(), AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
  });
});
