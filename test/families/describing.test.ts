import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { languageModelFor } from '#ask/index.ts';
import type { Loss } from '#contract/loss.ts';
import { pictureSides } from '../../src/conformance/picture.ts';
import { describerFor } from '../../src/perceive/see/describers/index.ts';
import { type Servers, startServers } from './open.ts';

// A model of each family that sees, at its conformance server, which refuses what the vendor would refuse.
const EYES = [
  ['openai', 'openai:gpt-4o'],
  ['qwen', 'qwen:qwen3-vl-plus'],
  ['glm', 'glm:glm-4.6v'],
  ['anthropic', 'anthropic:claude-sonnet-4-5'],
  ['gemini', 'gemini:gemini-2.5-flash'],
  ['vllm', 'vllm:house-vl'],
  ['ollama', 'ollama:llama3.2-vision:11b'],
] as const;

describe('pictures described by the vendors’ models', () => {
  let servers: Servers;
  beforeAll(async () => {
    servers = await startServers(EYES.map(([name]) => name));
  });
  afterAll(() => servers.close());

  const pixels = { widthPx: 120, heightPx: 90, rgb: new Uint8Array(120 * 90 * 3).fill(180) };

  it.each(EYES)('%s: the picture arrives with the question, and words come back', async (name, id) => {
    const server = servers.running.get(name);
    const { providers } = servers;
    const describer = await describerFor(id, { model: () => languageModelFor(id, { providers }) });
    const losses: Loss[] = [];
    const { text } = await describer.describe(
      { part: 'part-1', pixels, language: 'zh', written: '出口' },
      { signal: new AbortController().signal, note: (loss) => losses.push(loss) },
    );
    expect(server?.faults).toEqual([]);
    expect(text.length).toBeGreaterThan(5);
    expect(losses).toEqual([]);
    const sent = JSON.stringify(server?.seen.at(-1)?.json());
    expect(sent).toContain('请为看不到这张图片');
    expect(sent).toContain('出口');
    const base64 = /\/9j\/[A-Za-z0-9+/=]+/.exec(sent)?.[0] ?? '';
    expect(pictureSides(Buffer.from(base64, 'base64'))).toEqual([120, 90]);
  });

  it('says which model does not see, before anything is asked', async () => {
    const { providers } = servers;
    const before = servers.running.get('qwen')?.seen.length;
    await expect(
      describerFor('qwen:qwen3-asr-flash', { model: () => languageModelFor('qwen:qwen3-asr-flash', { providers }) }),
    ).rejects.toMatchObject({ code: 'see.unknown-engine', message: expect.stringContaining('does not see') });
    expect(servers.running.get('qwen')?.seen.length).toBe(before);
  });
});
