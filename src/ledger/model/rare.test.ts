import { describe, expect, it } from 'vitest';
import type { Perception, TextLine } from '#contract/perception.ts';
import { openTokens } from '#tokens/index.ts';
import { byteLevelKeys, ggufBytes, tableOf, written } from '../../tokens/__fixtures__/made.ts';
import { modelLoss } from './model.ts';
import { rareIn } from './rare.ts';

const signal = new AbortController().signal;
const WORDS = ['你好', '王', '𬬱', '龢', '叫', '他', '，'];

const plain = (text: string): Perception => ({ part: 'part-1', kind: 'plain-text', text });

/** A model that has a token for each word; the last of 龢 is among the rows that were hardly trained. */
async function model({ table = true } = {}) {
  const keys = byteLevelKeys(WORDS);
  const pieces = keys['tokenizer.ggml.tokens'] as string[];
  const [untrained = -1] = (await openTokens(await written('m.gguf', ggufBytes(keys)), signal)).encode('龢');
  const never = (id: number) => id === 0xc0 || id === 0xc1 || (id >= 0xf5 && id <= 0xff);
  const value = (id: number) => (never(id) || id === untrained ? 0.01 : 1 + id / 500);
  const tensors = table ? { 'token_embd.weight': tableOf(pieces.length, value) } : {};
  return openTokens(await written('model.gguf', ggufBytes(keys, tensors)), signal);
}

/** One that rewrites compatibility ideographs before it looks, as Qwen's tokenizer.json does. */
async function rewriting() {
  const pieces = byteLevelKeys(WORDS)['tokenizer.ggml.tokens'] as string[];
  const json = {
    ...{
      version: '1.0',
      added_tokens: [],
      normalizer: { type: 'NFC' },
      post_processor: null,
      decoder: { type: 'ByteLevel' },
    },
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
    model: { type: 'BPE', vocab: Object.fromEntries(pieces.map((piece, id) => [piece, id])), merges: [] },
  };
  return openTokens(await written('tokenizer.json', JSON.stringify(json)), signal);
}

function picture(text: string, probabilities: readonly (number | null)[], unwritable: boolean): Perception {
  const characters = [...text].map((character, at) => ({ text: character, probability: probabilities[at] ?? null }));
  const line: TextLine = {
    ...{
      text,
      start: 2,
      box: [
        [0, 0],
        [9, 0],
        [9, 9],
        [0, 9],
      ],
      direction: 'horizontal',
      heightPx: 9,
    },
    ...{ characters, confidence: null, confidenceSource: null, unwritable },
  };
  return {
    part: 'part-2',
    kind: 'picture',
    text: `> ${text}`,
    widthPx: 9,
    heightPx: 9,
    frames: 1,
    lines: [line],
    description: null,
    engine: 'reader',
  };
}

describe('rare characters', () => {
  it('are those whose embedding was hardly trained, first where they stand first', async () => {
    const { listed, risky } = rareIn([plain('他叫王龢，龢。')], await model());
    expect(listed[0]).toMatchObject({
      character: '龢',
      part: 'part-1',
      start: 3,
      level: 3,
      tokens: 1,
      bytes: 0,
      changed: false,
    });
    expect(listed[0]?.underTrained).toBeGreaterThan(0.5);
    expect(listed[0]?.risk).toBe(listed[0]?.underTrained);
    expect(risky).toBe(1);
  });

  it('come in pieces where the vocabulary lacks them, and that counts for less', async () => {
    const [character] = rareIn([plain('鿎')], await model()).listed;
    expect(character).toMatchObject({ character: '鿎', tokens: 3, bytes: 1, level: 3 });
    expect(character?.risk).toBeCloseTo(0.3 * (2 / 3), 1);
  });

  it('are rewritten in silence by some tokenizers: names!', async () => {
    const { listed } = rareIn([plain('\uf901')], await rewriting());
    expect(listed[0]).toMatchObject({ character: '\uf901', changed: true, level: null, risk: 1 });
  });

  it('may be beyond what wrote the text', async () => {
    const found = rareIn([picture('王□', [0.9, null], true)], null);
    expect(found.listed).toMatchObject([
      { character: '□', part: 'part-2', start: 3, unwritable: true, risk: 1, tokens: null },
    ]);
    const [kept] = rareIn([picture('王龢', [0.9, 0.9], false)], null).listed;
    expect(kept).toMatchObject({ character: '龢', unwritable: false, risk: null });
  });

  it('are placed in the text that was given, also behind a gloss', async () => {
    const read = picture('王□', [0.9, null], true);
    const mended = {
      text: '> 王（wáng）□',
      edits: [{ start: 3, end: 3, before: '', after: '（wáng）', by: 'gloss' as const }],
    };
    expect(rareIn([{ ...read, mended } as Perception], null).listed).toMatchObject([{ character: '□', start: 9 }]);
  });

  it('have no known risk where a gate was not looked at, and are listed all the same', async () => {
    expect(rareIn([plain('龢')], null)).toMatchObject({ listed: [{ character: '龢', risk: null }], unknown: 1 });
    expect(rareIn([plain('龢')], await model({ table: false })).listed).toMatchObject([
      { tokens: 1, underTrained: null, risk: null },
    ]);
  });

  it('are not those in common use, be it in another place', async () => {
    expect(rareIn([plain('發展的體育，桜 abc 😀')], null).listed).toEqual([]);
    const { unknown, listed } = rareIn([plain('發展的')], await model({ table: false }));
    expect([unknown, listed]).toEqual([0, []]);
  });

  it('are listed up to 50, the worst first', async () => {
    const many = Array.from({ length: 80 }, (_, at) => String.fromCodePoint(0x3400 + at)).join('');
    const { listed } = rareIn([plain(`${many}龢`)], await model());
    expect(listed).toHaveLength(50);
    expect(listed[0]?.character).toBe('龢');
  });

  it('are not looked for without end', () => {
    const endless = Array.from({ length: 6_000 }, (_, at) => String.fromCodePoint(0x20000 + at)).join('');
    expect(rareIn([plain(endless)], null).isWhole).toBe(false);
  });
});

describe('the third loss', () => {
  const given = { perceptions: [plain('你好，王龢鿎')] };

  it('counts tokens for each Chinese character, what comes back changed, and risky characters', async () => {
    const tokens = await model();
    const { loss } = modelLoss(given, [], { ...{ tokens, dictionary: null, english: null } });
    // 你好 is one token, 王 and 龢 one each, 鿎 three bytes: six tokens for five characters.
    expect(loss.tokensPerHan).toMatchObject({ value: 1.2, source: `tokenizer:${tokens.id}` });
    expect(loss.roundTrip.value).toBe(0);
    expect(loss.rareCharacters).toMatchObject({ value: 1, source: `tokenizer-and-embeddings:${tokens.id}` });
    expect(loss.tokenizer).toBe(tokens.id);
  });

  it('sees what a tokenizer rewrites', async () => {
    const { loss } = modelLoss({ perceptions: [plain('更\uf901e\u0301')] }, [], {
      tokens: await rewriting(),
      dictionary: null,
      english: null,
    });
    // é becomes one character of two, so all between the equal ends counts.
    expect(loss.roundTrip.value).toBe(3);
    expect(
      modelLoss({ perceptions: [plain('更\uf901')] }, [], {
        tokens: await rewriting(),
        dictionary: null,
        english: null,
      }).loss.roundTrip.value,
    ).toBe(1);
  });

  it('says why nothing was measured', async () => {
    const none = modelLoss(given, []).loss;
    expect(none).toMatchObject({
      tokenizer: null,
      tokensPerHan: { value: null, reason: expect.stringContaining('tokenizer') },
    });
    expect(none.rareCharacters.value).toBeNull();
    expect(none.roundTrip.value).toBeNull();
    const { loss } = modelLoss({ perceptions: [plain('hello')] }, [], {
      tokens: await model(),
      dictionary: null,
      english: null,
    });
    expect(loss.tokensPerHan).toMatchObject({ value: null, reason: expect.stringContaining('no Chinese') });
    expect(loss.rareCharacters.value).toBe(0);
  });

  it('is never smaller for not being looked at', async () => {
    const known = (tokens: Awaited<ReturnType<typeof model>> | null) =>
      modelLoss(given, [], { tokens, dictionary: null, english: null }).loss;
    const whole = known(await model());
    for (const less of [known(await model({ table: false })), known(null)]) {
      expect(less.rareCharacters.value).toBeNull();
      for (const { character, risk } of whole.rare) {
        const there = less.rare.find((one) => one.character === character);
        expect(there?.risk === null || (there?.risk ?? 0) >= (risk ?? 0)).toBe(true);
      }
    }
  });

  it('looks at the first 3,000 characters of a long text, and says so', async () => {
    const { loss } = modelLoss({ perceptions: [plain('你好'.repeat(4_000)), plain('王')] }, [], {
      tokens: await model(),
      dictionary: null,
      english: null,
    });
    expect(loss.tokensPerHan).toMatchObject({ value: 0.5, source: expect.stringContaining('first 3000') });
  });
});
