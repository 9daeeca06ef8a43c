import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Loss } from '#contract/loss.ts';
import type { EmbeddableMedium, MediaEmbedder } from '#contract/ports.ts';
import { cosine, examineMediaEmbedder, hum, paper } from '../../conformance.ts';
import { normalised } from '../../vector.ts';
import { MATRIX, MEL_BANDS, numbers, SIDE_PX, TABLE, WIDTH, WORDS, writeTowers } from './__fixtures__/tiny-towers.ts';
import { towers } from './engine.ts';
import { TOWER_KINDS, type TowerKind } from './kinds.ts';
import { leftOutOfSound } from './losses.ts';
import { windowsIn } from './windows.ts';

const home = mkdtempSync(join(tmpdir(), 'towers-'));
const open: MediaEmbedder[] = [];
const signal = new AbortController().signal;
const kindNamed = (name: string) => TOWER_KINDS.find((kind) => kind.name === name) as TowerKind;

const SUFFIXES = { siglip2: '_quantized', clip: '_fp16', clap: '_int8' } as const;
const made = new Map<string, Promise<MediaEmbedder>>();

/** One process for each kind is enough for all that is asked here. */
function opened(name: keyof typeof SUFFIXES): Promise<MediaEmbedder> {
  const known = made.get(name) ?? start(name);
  made.set(name, known);
  return known;
}

async function start(name: keyof typeof SUFFIXES): Promise<MediaEmbedder> {
  const folder = join(home, `${name}${SUFFIXES[name]}`);
  writeTowers(folder, name, SUFFIXES[name]);
  const embedder = await towers(kindNamed(name), folder, { signal });
  open.push(embedder);
  return { ...embedder, close: async () => {} };
}

async function embedded(embedder: MediaEmbedder, ...media: EmbeddableMedium[]) {
  const losses: Loss[] = [];
  const vectors = await embedder.media(media, { signal, note: (loss) => losses.push(loss) });
  return { vectors, losses, kinds: losses.map(({ kind }) => kind) };
}

afterAll(async () => {
  await Promise.all(open.map((one) => one.close()));
  rmSync(home, { recursive: true });
});

const context = { signal, note: () => {} };
/** What the tiny text model makes of tokens, worked out here. */
function meanOfRows(ids: readonly number[], table = TABLE, width = WIDTH): Float32Array {
  const mean = new Float32Array(width);
  for (const id of ids)
    for (let at = 0; at < width; at++) mean[at] = (mean[at] ?? 0) + (table[id * width + at] ?? 0) / ids.length;
  return normalised(mean);
}
const idsOf = (...words: string[]) => words.map((word) => WORDS.indexOf(word));
const near = (a: Float32Array | undefined, b: Float32Array) =>
  expect(cosine(a ?? new Float32Array(), b)).toBeGreaterThan(0.9999);

describe('SigLIP 2, with the real library and the smallest model of that shape', () => {
  examineMediaEmbedder('siglip2', () => opened('siglip2'));

  it('reads texts in small letters, filled up to 64 tokens', async () => {
    const embedder = await opened('siglip2');
    expect(embedder.id).toBe('siglip2:siglip2_quantized');
    const [red, same] = await embedder.texts(['red', 'RED'], context);
    const filled = [...idsOf('red', '</s>'), ...Array.from({ length: 62 }, () => 0)];
    near(red, meanOfRows(filled));
    near(same, meanOfRows(filled));
    expect(cosine(red!, meanOfRows(idsOf('red', '</s>')))).toBeLessThan(0.99);
  });

  it('looks at every pixel of a picture of its size, colours in order', async () => {
    const embedder = await opened('siglip2');
    const rgb = Uint8Array.from({ length: 3 * SIDE_PX * SIDE_PX }, (_, at) => (at * 37) % 256);
    const expected = new Float32Array(WIDTH);
    for (let pixel = 0; pixel < SIDE_PX * SIDE_PX; pixel++) {
      for (let colour = 0; colour < 3; colour++) {
        const value = ((rgb[pixel * 3 + colour] ?? 0) / 255 - 0.5) / 0.5;
        for (let at = 0; at < WIDTH; at++) {
          expected[at] = (expected[at] ?? 0) + value * (MATRIX[(colour * SIDE_PX * SIDE_PX + pixel) * WIDTH + at] ?? 0);
        }
      }
    }
    const { vectors, losses } = await embedded(embedder, {
      part: 'p',
      pixels: { widthPx: SIDE_PX, heightPx: SIDE_PX, rgb },
    });
    near(vectors[0], normalised(expected));
    expect(losses).toEqual([]);
  });

  it('says when pictures were made smaller, and refuses texts that are too long', async () => {
    const embedder = await opened('siglip2');
    const { losses } = await embedded(embedder, paper('p-7', [1, 200, 3], 80));
    expect(losses).toMatchObject([
      { kind: 'downscaled', part: 'p-7', engine: embedder.id, extent: 0.1, before: '80×80' },
    ]);
    const long = Array.from({ length: 64 }, () => 'red').join(' ');
    await expect(embedder.texts(['red', long], context)).rejects.toMatchObject({
      code: 'embed.too-long',
      details: { text: 1, tokens: 65, maxTokens: 64 },
    });
  });

  it('says what is missing in a folder', async () => {
    const folder = join(home, 'broken');
    const opening = () => towers(kindNamed('siglip2'), folder, { signal });
    await expect(opening()).rejects.toMatchObject({
      code: 'embed.model-unusable',
      message: expect.stringContaining('config.json'),
      hint: expect.stringContaining('siglip2'),
    });
    writeTowers(folder, 'siglip2', '_q4');
    rmSync(join(folder, 'onnx', 'vision_model_q4.onnx'));
    await expect(opening()).rejects.toThrow('onnx/vision_model.onnx is missing');
    writeFileSync(join(folder, 'onnx', 'vision_model_q4.onnx'), 'not a graph');
    await expect(opening()).rejects.toThrow('does not open');
    writeFileSync(join(folder, 'config.json'), '{"model_type":"siglip2"}');
    await expect(opening()).rejects.toThrow('of the type "siglip2"');
    writeFileSync(join(folder, 'config.json'), '[');
    await expect(opening()).rejects.toThrow('cannot be read');
  });
});

describe('CLIP', () => {
  examineMediaEmbedder('clip', () => opened('clip'));

  it('reads texts as they are, without what fills them up', async () => {
    const embedder = await opened('clip');
    const [short, other] = await embedder.texts(['red', 'RED tone'], context);
    near(short, meanOfRows(idsOf('red', '</s>')));
    near(other, meanOfRows(idsOf('<unk>', 'tone', '</s>')));
  });

  it('says what was cut off at the edges', async () => {
    const embedder = await opened('clip');
    const wide = { widthPx: 32, heightPx: 8, rgb: new Uint8Array(32 * 8 * 3).fill(90) };
    const { losses } = await embedded(embedder, { part: 'wide', pixels: wide });
    expect(losses).toMatchObject([{ kind: 'truncated', part: 'wide', extent: 0.75, unit: 'share of the picture' }]);
  });
});

describe('CLAP', () => {
  examineMediaEmbedder('clap', () => opened('clap'));

  it('hears a tone in the band where it is, and a text as its tokens', async () => {
    const embedder = await opened('clap');
    // Slaney's mel scale (Auditory Toolbox, 1998): 200/3 Hz a mel up to 1 kHz, logarithmic above.
    const mel = (hz: number) => (hz < 1_000 ? (3 * hz) / 200 : 15 + (Math.log(hz / 1_000) * 27) / Math.log(6.4));
    const bandOf = (hz: number) => ((mel(hz) - mel(50)) / (mel(14_000) - mel(50))) * (MEL_BANDS + 1) - 1;
    for (const hz of [440, 5_000]) {
      const { vectors } = await embedded(embedder, hum('s', hz, 1_250));
      const [vector] = vectors;
      const loudest = vector!.indexOf(Math.max(...vector!));
      expect(Math.abs(loudest - bandOf(hz))).toBeLessThan(1);
    }
    const [text] = await embedder.texts(['high tone'], context);
    near(text, meanOfRows(idsOf('high', 'tone', '</s>'), numbers(WORDS.length * MEL_BANDS, 7), MEL_BANDS));
  });

  it('hears a short sound as often as it fits, so that it is as one that goes on', async () => {
    const embedder = await opened('clap');
    const { vectors, kinds } = await embedded(embedder, hum('short', 400, 500), hum('whole', 400, 10_000));
    expect(cosine(vectors[0]!, vectors[1]!)).toBeGreaterThan(0.999);
    expect(kinds).toEqual(['re-encoded', 're-encoded']);
  });

  it('says that one vector stands for several windows, and what was in none', async () => {
    const embedder = await opened('clap');
    const two = await embedded(embedder, hum('two', 400, 10_500));
    expect(two.losses).toMatchObject([
      { kind: 're-encoded', part: 'two', certainty: 'unknown' },
      { kind: 'shortened', part: 'two', extent: 2, unit: 'windows in one vector' },
    ]);
    const spread = leftOutOfSound({ total: 480, window: 20, starts: windowsIn(480, 20, 12), perMs: 0.002 }, 'clap');
    expect(spread).toMatchObject({ kind: 'truncated', extent: 0.5, unit: 'share of the sound' });
    await expect(embedded(embedder, hum('none', 400, 0))).rejects.toMatchObject({ code: 'embed.bad-input' });
  });

  it('spreads its windows over a long sound', () => {
    expect(windowsIn(25, 10, 12)).toEqual([0, 10, 20]);
    expect(windowsIn(100, 10, 4)).toEqual([0, 30, 60, 90]);
    expect(windowsIn(3, 10, 4)).toEqual([0]);
  });
});
