import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startLlama } from '#runtime/llama.ts';
import { modelFolder } from '../../test/model-folder.ts';
import { mixedStrings } from './__fixtures__/mixed-strings.ts';
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

it('finds that Qwen knows the common characters and not all of the rare ones', async () => {
  const tokens = await openTokens(join(await modelFolder('qwen2.5-coder-0.5b-instruct'), 'model.gguf'), signal);
  const under = (character: string) => tokens.trained?.underTrained(tokens.encodeCharacter(character)[0] ?? -1) ?? -1;
  expect(under('的')).toBeLessThan(0.01);
  expect(under('𫭼')).toBeGreaterThan(0.5);
});
