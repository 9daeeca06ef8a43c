import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ContentPart } from '#contract/chat.ts';
import type { LanguageModel } from '#contract/ports.ts';
import { installedVersion } from '#runtime/optional.ts';
import { mediaPart } from '../../__fixtures__/media.ts';
import { askAll, examineLanguageModel } from '../../conformance.ts';
import { languageModelFor } from '../../language-model.ts';
import { picture, tone } from './__fixtures__/media-bytes.ts';
import { PICTURE_TOKENS, writeTinyModels } from './__fixtures__/tiny-gguf.ts';

const folder = mkdtempSync(join(tmpdir(), 'sensorium-tiny-'));
const tiny = writeTinyModels(folder);
afterAll(() => rmSync(folder, { recursive: true }));

const image = (bytes: Uint8Array): ContentPart => ({ kind: 'media', media: mediaPart('image', 'image/bmp', bytes) });
const sound = (bytes: Uint8Array): ContentPart => ({ kind: 'media', media: mediaPart('audio', 'audio/wav', bytes) });
const words = (text: string): ContentPart => ({ kind: 'text', text });
const RED = picture(() => [255, 0, 0]);
const STRIPES = picture((x) => (x % 8 < 4 ? [0, 20, 255] : [250, 250, 250]));

const ask = (model: LanguageModel, content: string | readonly ContentPart[], maxTokens = 12) =>
  askAll(model, { messages: [{ role: 'user', content }], maxTokens });
const text = async (model: LanguageModel, content: readonly ContentPart[]) => (await ask(model, content)).answer.text;

// Where the package is not installed nothing here can be tried.
describe.skipIf(installedVersion('@fugood/llama.node') === null)('with the real library', () => {
  const open = (mmproj = tiny.both, contextTokens?: number) =>
    languageModelFor(`${tiny.model}+${mmproj}`, { contextTokens });

  examineLanguageModel('a tiny model with a projector', open);

  describe('media', () => {
    let model: LanguageModel;
    beforeAll(async () => {
      model = await open();
    });
    afterAll(() => model.close());

    it('sees: another picture is another answer, the same one the same', async () => {
      const [red, striped] = [await text(model, [image(RED), words('What?')]), await text(model, [image(STRIPES)])];
      expect(await text(model, [image(STRIPES), words('What?')])).not.toBe(red);
      expect(await text(model, [image(RED), words('What?')])).toBe(red);
      expect(striped).not.toBe('');
    });

    it('sees them in their order', async () => {
      const there = await text(model, [words('First'), image(RED), words('then'), image(STRIPES)]);
      expect(await text(model, [words('First'), image(STRIPES), words('then'), image(RED)])).not.toBe(there);
    });

    it('hears: another sound is another answer', async () => {
      const low = await text(model, [sound(tone(220)), words('What?')]);
      expect(await text(model, [sound(tone(3_000)), words('What?')])).not.toBe(low);
      expect(await text(model, [sound(tone(220)), words('What?')])).toBe(low);
    });

    it('counts what a picture takes of the room', async () => {
      const tokens = async (content: readonly ContentPart[]) =>
        (await ask(model, content)).answer.usage?.inputTokens ?? 0;
      const one = await tokens([words('a'), image(RED)]);
      expect((await tokens([words('a'), image(RED), image(STRIPES)])) - one).toBeGreaterThanOrEqual(PICTURE_TOKENS);
    });

    it('takes marks that people write as words', async () => {
      const plain = (await ask(model, 'Hi')).answer.usage?.inputTokens ?? 0;
      for (const mark of ['<__media__>', '<|im_end|>', '</s>']) {
        const { usage } = (await ask(model, [words(`Hi${mark}`)])).answer;
        expect((usage?.inputTokens ?? 0) - plain).toBeGreaterThan(3);
      }
    });

    it('refuses what cannot be read, and answers the next question', async () => {
      const broken = { kind: 'media', media: mediaPart('image', 'image/png', Buffer.from('no picture')) } as const;
      await expect(ask(model, [broken])).rejects.toMatchObject({
        code: 'ask.refused',
        hint: expect.stringContaining('part-1'),
      });
      expect(await text(model, [words('Hi')])).not.toBe('');
    });

    it('leaves no files behind', async () => {
      const left = () => readdirSync(tmpdir()).filter((name) => name.startsWith('sensorium-mtmd-'));
      await ask(model, [image(RED)]);
      const failing = { ...mediaPart('image', 'image/png', RED), stream: () => failingStream() };
      await expect(ask(model, [{ kind: 'media', media: failing }])).rejects.toThrow('the disk is gone');
      const controller = new AbortController();
      const asked = { messages: [{ role: 'user' as const, content: [image(RED)] }], maxTokens: 500 };
      await expect(
        (async () => {
          for await (const _ of model.ask(asked, { signal: controller.signal, note: () => {} })) controller.abort();
        })(),
      ).rejects.toMatchObject({ code: 'kit.cancelled' });
      expect(left()).toEqual([]);
    });

    it('draws the same words from the same seed, and others from another', async () => {
      const draw = async (seed: number) => {
        const messages = [{ role: 'user' as const, content: 'Hi' }];
        return (await askAll(model, { messages, temperature: 1.5, seed, maxTokens: 12 })).answer.text;
      };
      const first = await draw(1);
      expect(await draw(1)).toBe(first);
      expect(await draw(2)).not.toBe(first);
    });

    it('answers on and on, however short its answers are', async () => {
      for (let turn = 0; turn < 60; turn++) expect((await ask(model, 'Hi', 1)).answer.finishReason).toBe('length');
    });

    it('keeps to a schema', async () => {
      const schema = {
        type: 'object',
        properties: {
          mood: { enum: ['good', 'bad'] },
          more: { type: 'object', properties: { ok: { type: 'boolean' } } },
        },
      };
      const { answer } = await askAll(model, {
        messages: [{ role: 'user', content: [image(RED)] }],
        maxTokens: 400,
        responseFormat: { kind: 'json-schema', name: 's', schema },
      });
      expect(JSON.parse(answer.text)).toEqual({
        mood: expect.stringMatching(/^(good|bad)$/),
        more: { ok: expect.any(Boolean) },
      });
    });
  });

  it('refuses what does not fit, with figures', async () => {
    const model = await open(tiny.both, 128);
    const asking = ask(model, [image(RED), image(RED), image(RED), words('What?')]);
    await expect(asking).rejects.toMatchObject({
      code: 'ask.too-long',
      details: { inputTokens: expect.any(Number), contextTokens: 128 },
    });
    await model.close();
  });

  it.each([
    ['eye', 'audio', sound(tone(220))],
    ['ear', 'image', image(RED)],
  ] as const)('refuses what the projector has no part for: %s, %s', async (part, kind, content) => {
    const model = await open(tiny[part]);
    expect(model.capabilities.input).toMatchObject({ image: part === 'eye', audio: part === 'ear' });
    await expect(ask(model, [content])).rejects.toMatchObject({
      code: 'ask.refused',
      message: expect.stringContaining(`takes no ${kind}`),
    });
    await model.close();
  });

  it.each([
    ['a text', Buffer.from('I am not a model.'), 'no GGUF file'],
    ['a file cut short', readFileSync(tiny.model).subarray(0, 100_000), 'cut short'],
    ['a head cut short', readFileSync(tiny.model).subarray(0, 2_000), 'no GGUF file'],
  ])('refuses %s for weights in one line', async (_, bytes, why) => {
    const path = join(folder, 'broken.gguf');
    writeFileSync(path, bytes);
    const model = await languageModelFor(`${path}+${tiny.both}`);
    await expect(model.warm()).rejects.toMatchObject({
      code: 'ask.model-unusable',
      message: expect.stringContaining(why),
    });
    await model.close();
  });

  it('refuses a projector that is none', async () => {
    const model = await open(tiny.model);
    await expect(model.warm()).rejects.toMatchObject({
      code: 'ask.model-unusable',
      message: 'tiny.gguf+tiny.gguf cannot be loaded: tiny.gguf is no projector for tiny.gguf.',
    });
    await model.close();
  });
});

async function* failingStream(): AsyncGenerator<Uint8Array> {
  yield RED;
  throw new Error('the disk is gone');
}

it('refuses files that are not there, and forms the library cannot read', async () => {
  const model = await languageModelFor(`${tiny.model}+${join(folder, 'none.gguf')}`);
  expect(model.capabilities.input).toMatchObject({ image: 'unknown', audio: 'unknown' });
  await expect(ask(model, 'Hi')).rejects.toMatchObject({
    code: 'ask.unknown-model',
    message: expect.stringContaining('none.gguf'),
  });
  for (const [kind, mimeType] of [
    ['image', 'image/gif'],
    ['audio', 'audio/ogg'],
    ['document', 'application/pdf'],
  ] as const) {
    const media = mediaPart(kind, mimeType, RED);
    expect(model.accepts?.(media.media)).toBe(false);
    await expect(ask(model, [{ kind: 'media', media }])).rejects.toMatchObject({ code: 'ask.refused' });
  }
  expect(model.accepts?.(mediaPart('image', 'image/jpeg', RED).media)).toBe(true);
  await model.close();
});
