import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Decoded, decode, type Moonshine } from './decode.ts';
import { promptWords, type Tokenise } from './prompt.ts';

const SPELLINGS = [
  '<unk>',
  '<s>',
  '</s>',
  '▁the',
  '▁good',
  '▁hill',
  '▁G',
  'uten',
  'berg',
  's',
  '-',
  '▁Z',
  'oo',
  'ilch',
];
const END = 2;
const BONUS = 3;
const WORDS: Readonly<Record<string, readonly string[]>> = {
  Gutenberg: ['G', 'uten', 'berg'],
  Zoo: ['Z', 'oo'],
  Zilch: ['Z', 'ilch'],
};
const tokenise: Tokenise = (text) => {
  const pieces = WORDS[text.replace('▁', '')] ?? ['<unk>', '<unk>'];
  return pieces.map((piece, at) =>
    Math.max(0, SPELLINGS.indexOf(at === 0 && text.startsWith('▁') ? `▁${piece}` : piece)),
  );
};

/** What a model finds probable after a text, by spelling; all else is out of the question. */
type Table = (text: string) => Readonly<Record<string, number>>;

class Tensor {
  readonly type: string;
  readonly data: ArrayLike<unknown>;
  readonly dims: readonly number[];
  constructor(type: string, data: ArrayLike<unknown>, dims: readonly number[]) {
    this.type = type;
    this.data = data;
    this.dims = dims;
  }
}

/** A decoder that looks its probabilities up. What it has read is what it keeps as past, as in the real one. */
function modelOf(table: Table): Moonshine {
  const KEY = '0.decoder.key';
  const decoder = {
    async run(feeds: Record<string, Tensor>) {
      const before = feeds[`past_key_values.${KEY}`]?.data as Float32Array | undefined;
      const read = [...(before ?? []), Number(feeds.input_ids?.data[0])];
      const logits = new Float32Array(SPELLINGS.length).fill(-40);
      for (const [spelling, probability] of Object.entries(table(textOf(read.slice(1))))) {
        logits[SPELLINGS.indexOf(spelling)] = Math.log(probability);
      }
      return {
        logits: new Tensor('float32', logits, [1, 1, logits.length]),
        [`present.${KEY}`]: new Tensor('float32', Float32Array.from(read), [read.length]),
      };
    },
  };
  const vocabulary = SPELLINGS.map((spelling, id) =>
    id <= END ? undefined : new TextEncoder().encode(spelling.replaceAll('▁', ' ')),
  );
  return { encoder: decoder, decoder, vocabulary, follows: false, Tensor } as unknown as Moonshine;
}

function textOf(ids: readonly number[]): string {
  return ids.map((id) => (SPELLINGS[id] ?? '').replaceAll('▁', ' ')).join('');
}

async function written(table: Table, prompt?: string, bonus = BONUS): Promise<Decoded & { text: string }> {
  const words = prompt === undefined ? undefined : promptWords(prompt, tokenise, bonus);
  const hidden = new Tensor('float32', new Float32Array(0), [1, 4, 288]);
  const decoded = await decode(
    modelOf(table),
    hidden as never,
    { maxTokens: 12, mayEndAtOnce: true, words },
    new AbortController().signal,
  );
  return { ...decoded, text: textOf(decoded.tokens.map((token) => token.id)) };
}

const book: Table = (text) =>
  ({
    '': { '▁the': 1 },
    ' the': { '▁good': 0.8, '▁G': 0.1, '▁Z': 0.1 },
    ' the good': { berg: 0.6, '</s>': 0.4 },
    ' the goodberg': { '</s>': 1 },
    ' the G': { uten: 0.5, oo: 0.5 },
    ' the Guten': { berg: 0.9, s: 0.1 },
    ' the Gutenberg': { '</s>': 0.7, s: 0.3 },
    ' the Z': { oo: 0.01, ilch: 0.99 },
    ' the Zilch': { '</s>': 1 },
  })[text] ?? { '</s>': 1 };

describe('decode with a prompt', () => {
  it('writes a word of the prompt that the model finds a little less probable, and reports the model’s own figures', async () => {
    expect(await written(book)).toMatchObject({ text: ' the goodberg', ended: true });
    const { text, tokens } = await written(book, 'Gutenberg');
    expect(text).toBe(' the Gutenberg');
    expect(tokens.map((token) => Math.exp(token.logprob))).toEqual(
      [1, 0.1, 0.5, 0.9].map((probability) => expect.closeTo(probability, 5)),
    );
  });

  it('takes a word back that is not completed', async () => {
    const broken: Table = (text) => (text === ' the Guten' ? { s: 0.99, berg: 0.0001 } : book(text));
    expect(await written(broken, 'Gutenberg')).toEqual(await written(broken));
  });

  it('takes a word back that goes on in other letters', async () => {
    const longer: Table = (text) => (text === ' the Gutenberg' ? { s: 1 } : book(text));
    expect(await written(longer, 'Gutenberg')).toEqual(await written(longer));
  });

  it('spends a word’s bonus once, over all its tokens', async () => {
    const dear: Table = (text) => (text === ' the Guten' ? { berg: 0.3, '</s>': 0.7 } : book(text));
    expect((await written(dear, 'Gutenberg', BONUS)).text).toBe(' the Gutenberg');
    expect((await written(dear, 'Gutenberg', 2.5)).text).toBe(' the goodberg');
  });

  it('tries the next word where the first is taken back', async () => {
    const broken: Table = (text) => (text === ' the Guten' ? { s: 1 } : book(text));
    expect((await written(broken, 'Gutenberg Zilch')).text).toBe(' the Zilch');
  });

  it('lets a word begin after a hyphen, not inside another', async () => {
    const table: Table = (text) =>
      ({
        '': { '▁hill': 1 },
        ' hill': { '-': 1 },
        ' hill-': { berg: 0.7, uten: 0.3 },
        ' hill-uten': { berg: 1 },
      })[text] ?? { '</s>': 1 };
    const inside: Tokenise = (text) => (text === 'uten' ? [7] : text === '▁uten' ? [3, 3] : [0, 0]);
    const words = promptWords('uten', inside, BONUS);
    const hidden = new Tensor('float32', new Float32Array(0), [1, 4, 288]) as never;
    const { signal } = new AbortController();
    const options = { maxTokens: 12, mayEndAtOnce: true, words };
    const { tokens } = await decode(
      modelOf((text) => table(text === ' hill-uten' ? 'end' : text)),
      hidden,
      options,
      signal,
    );
    expect(textOf(tokens.map((token) => token.id))).toBe(' hill-uten');
    const glued: Table = (text) => (text === ' hill' ? { berg: 0.7, uten: 0.3 } : table(text));
    const without = await decode(modelOf(glued), hidden, options, signal);
    expect(textOf(without.tokens.map((token) => token.id))).toBe(' hillberg');
  });

  it('departs from the model only for whole words of the prompt, within their bonus (property)', async () => {
    const probabilities = fc.array(fc.double({ min: 0.001, max: 1, noNaN: true }), { minLength: 97, maxLength: 97 });
    await fc.assert(
      fc.asyncProperty(probabilities, async (weights) => {
        const table: Table = (text) => {
          const turn = [...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 97, 7);
          const raw = SPELLINGS.slice(END).map((_, at) => weights[(turn + at * 13) % 97] ?? 1);
          const sum = raw.reduce((all, one) => all + one, 0);
          return Object.fromEntries(SPELLINGS.slice(END).map((spelling, at) => [spelling, (raw[at] ?? 0) / sum]));
        };
        const { tokens, ended } = await written(table, 'Gutenberg Zoo Zilch', BONUS);
        const behind = tokens.map(({ id, logprob }, at) => {
          const options = table(textOf(tokens.slice(0, at).map((token) => token.id)));
          expect(Math.exp(logprob)).toBeCloseTo(options[SPELLINGS[id] ?? ''] ?? 0, 4);
          return Math.log(Math.max(...Object.values(options))) - logprob;
        });
        const inWords = new Set<number>();
        for (const [at] of tokens.entries()) {
          for (const pieces of Object.values(WORDS)) {
            const isHere = pieces.every(
              (piece, more) => SPELLINGS[tokens[at + more]?.id ?? 0]?.replace('▁', '') === piece,
            );
            const cost = behind.slice(at, at + pieces.length).reduce((sum, one) => sum + one, 0);
            if (isHere && cost < BONUS + 1e-3) for (const more of pieces.keys()) inWords.add(at + more);
          }
        }
        // A text that ran into its limit may end in the middle of a word.
        const settled = ended ? tokens.length : tokens.length - 2;
        for (const [at, nats] of behind.slice(0, settled).entries()) expect(nats < 1e-3 || inWords.has(at)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});
