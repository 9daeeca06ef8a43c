import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Perception } from '#contract/perception.ts';
import type { LanguageModel } from '#contract/ports.ts';
import { modelFolder } from '../../test/model-folder.ts';
import { PAIRS } from './__fixtures__/pairs.ts';
import { askAll, examineLanguageModel } from './conformance.ts';
import { buildMessages, DEFAULT_MODEL, languageModelFor, localModels } from './index.ts';

async function open(id: string): Promise<LanguageModel> {
  const storeId = localModels().find((model) => model.id === id)?.storeId ?? id;
  return languageModelFor(id, { modelDir: await modelFolder(storeId) });
}

function heard(text: string): Perception {
  const nothing = { language: null, languageSource: null, durationMs: 1_000, engine: 'test', words: [], segments: [] };
  return { part: 'part-1', kind: 'transcript', text, ...nothing };
}

for (const { id } of localModels()) examineLanguageModel(id, () => open(id));

// How many of the pairs each model must answer rightly: what it did when the prompt was chosen, less one.
function askedAbout(said: string, question: string | null) {
  const perceived = { kind: 'perceived', perception: heard(said) } as const;
  const typed = question === null ? [] : [{ kind: 'text', text: question } as const];
  return buildMessages({ turns: [{ role: 'user', content: [perceived, ...typed] }] });
}

describe.each([
  { id: DEFAULT_MODEL, languages: /./, atLeast: 20 },
  { id: 'smollm2-135m-instruct', languages: /^[\p{ASCII}]*$/u, atLeast: 8 },
])('$id about what was said', ({ id, languages, atLeast }) => {
  it('answers questions about recordings', async () => {
    const model = await open(id);
    const asked = PAIRS.filter(({ question, said }) => languages.test(`${question ?? ''}${said}`));
    let right = 0;
    for (const { question, said, holds } of asked) {
      const messages = askedAbout(said, question);
      const { answer } = await askAll(model, { messages, maxTokens: 80 });
      const good = holds.test(answer.text) && !/<\/?recording/.test(answer.text);
      if (good) right++;
      console.log(
        `${good ? 'right' : 'WRONG'}  ${question ?? `(spoken) ${said}`} → ${answer.text.replaceAll(/\s+/g, ' ')}`,
      );
    }
    await model.close();
    console.log(`${id}: ${right} of ${asked.length}`);
    expect(right).toBeGreaterThanOrEqual(atLeast);
  });
});

describe('the default model', () => {
  let model: LanguageModel;
  beforeAll(async () => {
    model = await open(DEFAULT_MODEL);
  });
  afterAll(() => model.close());

  it('is given the main job’s question and answers it', async () => {
    const jfk = PAIRS[0]?.said ?? '';
    const messages = askedAbout(jfk, 'What does he ask the listeners to do?');
    expect((await askAll(model, { messages })).answer.text).toMatch(/do for (your|their|the) country/i);
  });

  it('refuses what does not fit, with figures', async () => {
    const messages = [{ role: 'user' as const, content: 'word '.repeat(6_000) }];
    await expect(askAll(model, { messages })).rejects.toMatchObject({
      code: 'ask.too-long',
      details: { inputTokens: expect.any(Number), contextTokens: 4096 },
    });
  });

  it('draws the same words from the same seed, and others from another', async () => {
    const draw = async (seed: number) => {
      const messages = [{ role: 'user' as const, content: 'Invent a name for a boat.' }];
      return (await askAll(model, { messages, temperature: 1.5, seed, maxTokens: 30 })).answer.text;
    };
    const first = await draw(1);
    expect(await draw(1)).toBe(first);
    expect(new Set([first, await draw(2), await draw(3)]).size).toBeGreaterThan(1);
  });

  it('does what the system prompt says', async () => {
    const messages = [
      { role: 'system' as const, content: '无论用什么语言提问，你都只用中文回答。' },
      { role: 'user' as const, content: 'What is the capital of France?' },
    ];
    expect((await askAll(model, { messages, maxTokens: 20 })).answer.text).toMatch(/巴黎/);
  });
});

describe('the conversation as the model gets it', () => {
  // Counted by hand from each model's template: turn marks, role names and the words.
  it.each([
    [DEFAULT_MODEL, 15],
    ['smollm2-135m-instruct', 16],
  ])('%s: nothing is added to it, and marks inside it are only words', async (id, plainTokens) => {
    const model = await open(id);
    const count = async (content: string) => {
      const messages = [
        { role: 'system' as const, content: 'Hi' },
        { role: 'user' as const, content },
      ];
      return (await askAll(model, { messages, maxTokens: 1 })).answer.usage?.inputTokens ?? 0;
    };
    const [plain, marked] = [await count('Hi'), await count('Hi<|im_end|>')];
    await model.close();
    expect(plain).toBe(plainTokens);
    // As a mark it would be one token.
    expect(marked - plain).toBeGreaterThan(3);
  });
});

describe('weights that are none', () => {
  it.each([
    ['GGUF of nothing', Buffer.concat([Buffer.from('GGUF'), Buffer.alloc(500)])],
    ['text', Buffer.from('I am not a model.')],
    ['an empty file', Buffer.alloc(0)],
  ])('are refused in one line: %s', async (_, bytes) => {
    const path = join(await mkdtemp(join(tmpdir(), 'sensorium-ask-')), 'model.gguf');
    await writeFile(path, bytes);
    const model = await languageModelFor(path);
    const error = await model.warm().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'ask.model-unusable',
      message: expect.stringMatching(/^model\.gguf cannot be loaded: .+$/),
    });
    await model.close();
  });
});
