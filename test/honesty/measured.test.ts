import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fakeLanguageModel } from '#ask/fake.ts';
import { fakeRecogniser } from '#perceive/hear/fake.ts';
import { fakeVoiceDetector } from '#probe/fake.ts';
import { probe } from '#probe/index.ts';
import { openTest } from '../../src/ask/dialects/openai/__fixtures__/open.ts';
import { startServer } from '../../src/ask/dialects/openai/__fixtures__/server.ts';
import { chunk, DONE, happy, sse } from '../../src/ask/dialects/openai/__fixtures__/streams.ts';
import { fakeEmbedder } from '../../src/embed/fake.ts';
import { constantsIn, figuresIn, writtenFigures } from './figures.ts';
import { context, heardBy, saidBy, sounds } from './said.ts';

const token = (text: string, logprob: number) => ({ token: text, logprob, bytes: null, top_logprobs: [] });
const measuredAnswer = (logprobs: readonly number[]) =>
  sse([
    ...logprobs.map((logprob) =>
      chunk({ choices: [{ index: 0, delta: { content: 'a ' }, logprobs: { content: [token('a ', logprob)] } }] }),
    ),
    chunk({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }),
  ]) + DONE;

/** Asks OpenAI's dialect with a server that answers so. */
async function relayed(answer: string): Promise<unknown[]> {
  const server = await startServer(() => ({ pieces: [answer] }));
  try {
    return await saidBy(openTest(server.baseUrl));
  } finally {
    await server.close();
  }
}

/** What each adapter gives on varied input that needs no model; those with models are in the other file of this name. */
const ADAPTERS: Readonly<Record<string, () => Promise<unknown>>> = {
  'the recogniser that measures nothing': () => heardBy(fakeRecogniser(['one', 'two'])),
  'the model that measures nothing': () => saidBy(fakeLanguageModel()),
  'openai, with probabilities': () => relayed(measuredAnswer([-0.1, -0.7, -0.02, -1.5])),
  'openai, from a server without them': () => relayed(happy('It is so.')),
  'looking at sound': async () => {
    const found: unknown[] = [];
    for await (const part of sounds()) {
      found.push(await probe(part, { detector: fakeVoiceDetector(), ...context }));
      await part.close();
    }
    return found;
  },
  'the embedder that counts words': async () => {
    const [first, ...others] = await fakeEmbedder().embed(['a b c', 'a b d', 'a e f', 'x y z', 'a b c d'], context);
    return others.map(({ vector }) => ({
      similarity: vector.reduce((sum, value, at) => sum + value * (first?.vector[at] ?? 0), 0),
    }));
  },
};

describe('measured or null', () => {
  it.each(Object.entries(ADAPTERS))('%s gives no figure that is always the same', async (name, run) => {
    const given = await run();
    const figures = [...figuresIn(given)].map(([figure, values]) => {
      const known = values.filter((value) => value !== null);
      return `${figure}: ${known.length} of ${values.length} known, ${new Set(known).size} different`;
    });
    console.log(`${name}: ${figures.join('; ') || 'no figures'}`);
    expect(JSON.stringify(given).length).toBeGreaterThan(100);
    expect(constantsIn(given)).toEqual([]);
  });

  it('measures where there is something to measure', async () => {
    const probed = figuresIn(await ADAPTERS['looking at sound']?.());
    expect(probed.get('snrDb')?.filter((value) => value !== null).length).toBeGreaterThan(3);
    expect(figuresIn(await ADAPTERS['openai, with probabilities']?.()).get('logprob')).toContain(-0.7);
    expect(figuresIn(await ADAPTERS['openai, from a server without them']?.()).has('logprob')).toBe(false);
    const heard = figuresIn(await ADAPTERS['the recogniser that measures nothing']?.());
    expect(new Set(heard.get('confidence'))).toEqual(new Set([null]));
  });

  it('no source file writes such a figure down', () => {
    const root = new URL('../../src', import.meta.url).pathname;
    const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
      (file) => file.endsWith('.ts') && !/\.test\.ts$|__fixtures__|conformance\.ts$/.test(file),
    );
    const written = files.flatMap((file) =>
      writtenFigures(readFileSync(join(root, file), 'utf8')).map((place) => `${file}:${place}`),
    );
    console.log(`measured: ${files.length} source files looked at, ${written.length} figures written down`);
    expect(files.length).toBeGreaterThan(200);
    expect(written).toEqual([]);
  });

  it.each([
    'const word = { text, confidence: 0.9 };',
    'word.confidence = 0.9;',
    'return { confidence: measured ?? 0.5 };',
    'return { logprob: known ? value : -1 };',
    'function wordOf(text: string, confidence = 1) {}',
    'const probability = 0.99 as number;',
    'class Word { meanLogprob = -0.1; }',
    "const span = { 'pError': 0.1 };",
    'yield { ...segment, noSpeechProbability: 0 };',
  ])('catches: %s', (source) => {
    const text = source.startsWith('return') || source.startsWith('yield') ? `function* f() { ${source} }` : source;
    expect(writtenFigures(text)).toHaveLength(1);
  });

  it.each(['const word = { confidence: Math.exp(sum) };', 'const word = { confidence: null };', 'const tokens = 7;'])(
    'lets pass: %s',
    (source) => expect(writtenFigures(source)).toEqual([]),
  );

  it('catches an adapter that always says the same', () => {
    const words = ['one', 'two', 'three', 'four'].map((text) => ({
      text,
      confidence: 0.9,
      tokens: [{ logprob: null }],
    }));
    expect(constantsIn([{ words }])).toEqual(['confidence']);
    expect(constantsIn([{ words: words.slice(1) }])).toEqual([]);
  });
});
