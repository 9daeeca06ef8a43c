import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadLlama, startLlama } from '#runtime/llama.ts';
import { modelFolder } from '../../test/model-folder.ts';
import { LEVELS, mixedStrings } from './__fixtures__/mixed-strings.ts';
import { openEmbeddingTable, openTokens } from './index.ts';

const signal = new AbortController().signal;

describe.each([
  { id: 'qwen2.5-coder-0.5b-instruct', type: 'Q5_0', width: 896, untrained: true },
  { id: 'smollm2-135m-instruct', type: 'Q8_0', width: 576, untrained: false },
])('$id', ({ id, type, width, untrained }) => {
  it('has the tokens that the engine itself makes, of 6,000 mixed strings', async () => {
    const path = join(await modelFolder(id), 'model.gguf');
    const llama = await startLlama(1);
    const model = await llama.loadModel({ modelPath: path, vocabOnly: true });
    const tokens = await openTokens(path, signal);
    const strings = mixedStrings(6_000);
    const other = strings.filter((text) => model.tokenize(text, false).join() !== tokens.encode(text).join());
    const changed = strings.filter((text) => tokens.decode(tokens.encode(text)) !== text);
    console.log(
      `${id}: ${other.length} of ${strings.length} strings have other tokens, ${changed.length} come back changed`,
    );
    await model.dispose();
    await llama.dispose();
    expect(other).toEqual([]);
    expect(changed).toEqual([]);
    // Only where some rows are known to be untrained can others be held against them.
    expect(tokens.trained !== null).toBe(untrained);
  });

  it('has an embedding table that can be read row by row', async () => {
    const table = await openEmbeddingTable(join(await modelFolder(id), 'model.gguf'));
    expect(table).toMatchObject({ type, width });
    const [row] = await table.rows([100]);
    for await (const { first, rows } of table.all(signal)) {
      expect(first).toBe(0);
      expect(rows.subarray(100 * width, 101 * width)).toEqual(row);
      break;
    }
    await table.close();
  });
});

describe('the indicator of under-trained tokens', () => {
  it('names characters that Qwen cannot even repeat, and none of the common ones', { timeout: 300_000 }, async () => {
    const path = join(await modelFolder('qwen2.5-coder-0.5b-instruct'), 'model.gguf');
    const tokens = await openTokens(path, signal);
    const under = (character: string) => tokens.trained?.underTrained(tokens.encodeCharacter(character)[0] ?? -1) ?? -1;
    const [common = '', , rare = ''] = LEVELS;
    const some = (text: readonly string[]) => text.filter((_, at) => at % Math.ceil(text.length / 12) === 0);
    const known = some([...common]);
    const unknown = some([...rare].filter((character) => under(character) >= 0.5));
    expect(Math.max(...[...common].map(under))).toBeLessThan(0.5);
    const { LlamaChatSession } = await loadLlama();
    const llama = await startLlama(2);
    const model = await llama.loadModel({ modelPath: path, gpuLayers: 0 });
    const contextSequence = (await model.createContext({ contextSize: 256 })).getSequence();
    const repeats = async (character: string) => {
      const session = new LlamaChatSession({ contextSequence, autoDisposeSequence: false });
      const question = `请原样重复引号里的字，只写这个字：“${character}”`;
      const answer = await session.prompt(question, { maxTokens: 8, temperature: 0 });
      session.dispose();
      await contextSequence.clearHistory();
      return answer.includes(character);
    };
    const count = async (characters: readonly string[]) => {
      let repeated = 0;
      for (const character of characters) if (await repeats(character)) repeated += 1;
      return repeated;
    };
    const counts = [await count(known), await count(unknown)];
    console.log(
      `repeated: ${counts[0]} of ${known.length} common ones, ${counts[1]} of ${unknown.length} under-trained ones`,
    );
    await llama.dispose();
    expect(counts[0]).toBe(known.length);
    expect(counts[1]).toBeLessThanOrEqual(1);
  });
});
