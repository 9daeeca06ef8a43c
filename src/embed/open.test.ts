import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { writeTowers } from './engines/towers/__fixtures__/tiny-towers.ts';
import { checkEmbedder, isMediaEmbedder, type OpenEmbedderOptions, openEmbedder, openMediaEmbedder } from './open.ts';

const home = mkdtempSync(join(tmpdir(), 'embedders-'));
const signal = new AbortController().signal;
const options: OpenEmbedderOptions = {
  providers: {},
  offline: true,
  isAdded: (id) => id.startsWith('added'),
  modelDir: async (id) => join(home, id),
};
afterAll(() => rmSync(home, { recursive: true }));

it('opens towers the user added from a hub, by what their config.json says', async () => {
  writeTowers(join(home, 'added-clip'), 'clip');
  const embedder = await openMediaEmbedder('added-clip', options, signal);
  try {
    expect(embedder).toMatchObject({ id: 'clip:added-clip', capabilities: { takes: ['text', 'image'] } });
  } finally {
    await embedder.close();
  }
  writeFileSync(join(home, 'added-clip', 'config.json'), '{"model_type":"bert"}');
  await expect(openMediaEmbedder('added-clip', options, signal)).rejects.toMatchObject({
    code: 'embed.model-unusable',
    message: expect.stringContaining('"bert"'),
  });
  await expect(openEmbedder('added-clip', options, signal)).rejects.toMatchObject({ code: 'embed.model-unusable' });
});

it.each(['e5:/no/where', 'e5:./no-where'])('says what is missing in %s', async (reference) => {
  const error = await openEmbedder(reference, options, signal).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'embed.model-unusable', message: expect.stringContaining('onnx/model.onnx') });
});

it.each(['nothing', 'bert:/srv/x', 'all-minilm-l6-v2'])(
  'knows that %s makes no vectors of media',
  async (reference) => {
    await expect(openMediaEmbedder(reference, options, signal)).rejects.toMatchObject({ code: 'embed.unknown-model' });
  },
);

it('checks names before anything is opened', () => {
  for (const known of ['all-minilm-l6-v2', 'multilingual-e5-small', 'e5:/x', 'clip:/x', 'jina:m', 'mine']) {
    expect(() => checkEmbedder(known, (id) => id === 'mine')).not.toThrow();
  }
  for (const unknown of ['nothing', 'bert:/x', '']) expect(() => checkEmbedder(unknown)).toThrow(/embedder called/);
  expect(['clap:/x', 'siglip2:./x', 'e5:/x', 'clap:x', 'clip'].map(isMediaEmbedder)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});
