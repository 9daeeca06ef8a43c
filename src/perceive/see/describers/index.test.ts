import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describerFor } from './index.ts';

const model = () => Promise.reject(new Error('a language model was opened'));

it.each([join('/', 'srv', 'none'), './none', 'C:\\none'])('opens a Florence-2 in %s', async (folder) => {
  await expect(describerFor(`florence-2:${folder}`, { model })).rejects.toMatchObject({
    code: 'see.unknown-engine',
    message: expect.stringContaining('There is no Florence-2 in'),
  });
});

it.each(['openai:gpt-5', 'qwen:qwen3-vl-plus', 'florence-2', '/srv/eyes.gguf+/srv/mmproj.gguf'])(
  'takes %s for a language model',
  async (id) => {
    await expect(describerFor(id, { model })).rejects.toThrow('a language model was opened');
  },
);
