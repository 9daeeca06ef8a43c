import { expect, it } from 'vitest';
import { languageModelFor } from '#ask/index.ts';
import { EMBEDDERS } from '#embed/engines/index.ts';
import { takeMedia } from '#media/index.ts';
import { RECOGNISERS } from '#perceive/index.ts';
import { probe, VOICE_DETECTORS } from '#probe/index.ts';
import { modelFolder } from '../model-folder.ts';
import { constantsIn, figuresIn } from './figures.ts';

const context = { signal: new AbortController().signal, note: () => {} };
const question = new URL('../../examples/question.wav', import.meta.url).pathname;
const opened = () => takeMedia({ kind: 'path', path: question }, { part: 'part-1', ...context });

/** Prints what was looked at, so that having looked at nothing shows. */
function looked(name: string, given: unknown): void {
  const figures = [...figuresIn(given)].map(([figure, values]) => `${figure} ${new Set(values).size}/${values.length}`);
  console.log(`${name}: different of all: ${figures.join(', ') || 'no figures'}`);
  expect(constantsIn(given)).toEqual([]);
}

it.each(RECOGNISERS)('$id measures its words, or knows nothing of them', async (entry) => {
  const detector = await VOICE_DETECTORS[0].create(await modelFolder(VOICE_DETECTORS[0].model));
  const recogniser = await entry.create(await modelFolder(entry.model), {});
  try {
    const part = await opened();
    const finding = await probe(part, { detector, ...context });
    if (!part.sound || finding.kind !== 'sound') throw new Error('The example has no sound.');
    const heard: unknown[] = [finding];
    const recording = { part: 'part-1', sound: part.sound, speech: finding.speech };
    for await (const segment of recogniser.hear(recording, context)) heard.push(segment);
    looked(entry.id, heard);
    const confidences = figuresIn(heard).get('confidence') ?? [];
    expect(confidences.length).toBeGreaterThan(3);
    if (entry.capabilities.tokenLogprobs === true) expect(confidences).not.toContain(null);
  } finally {
    await Promise.all([detector.close(), recogniser.close()]);
  }
});

it.each(EMBEDDERS)('$id tells texts apart', async (entry) => {
  const embedder = await entry.create(await modelFolder(entry.model));
  try {
    const texts = ['A cat sleeps.', 'A dog sleeps.', 'Stocks fell on Monday.', 'Rain in Paris.', 'He plays the piano.'];
    const [first, ...others] = await embedder.embed(texts, context);
    const similarities = others.map(({ vector }) => ({
      similarity: vector.reduce((sum, value, at) => sum + value * (first?.vector[at] ?? 0), 0),
    }));
    looked(entry.id, similarities);
    expect(similarities).toHaveLength(4);
  } finally {
    await embedder.close();
  }
});

it('a local model gives measured probabilities, or none', async () => {
  const id = 'smollm2-135m-instruct';
  const model = await languageModelFor(id, { modelDir: await modelFolder(id) });
  try {
    const said: unknown[] = [];
    const request = {
      messages: [{ role: 'user', content: 'Say hello.' }],
      logprobs: { top: 1 },
      maxTokens: 12,
    } as const;
    for await (const event of model.ask(request, context)) said.push(event);
    expect(said.length).toBeGreaterThan(2);
    looked(id, said);
  } finally {
    await model.close();
  }
});
