import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULTS } from '#config/schema.ts';
import type { Embedder, MediaEmbedder } from '#contract/ports.ts';
import { fakeEmbedder } from '#embed/fake.ts';
import { fakeRecogniser } from '#perceive/hear/fake.ts';
import { type FakeDisk, fakeVectorStore } from '#store/fake.ts';
import { wavFile } from '../../../media/__fixtures__/wav.ts';
import { partsWith } from '../../__fixtures__/parts.ts';
import type { Parts } from '../../parts.ts';
import { openShelf, type Shelf, type ShelfOptions } from '../shelf.ts';
import { mediaSpaceOf, type OpenSpace, textSpaceOf } from '../spaces.ts';

/** A shelf in a folder of its own, with the smallest engines; opened anew it finds what was there. */
export interface Bench {
  readonly home: string;
  readonly shelf: Shelf;
  /** How many texts the text space was asked for. */
  readonly counted: { texts: number };
  reopen(more?: Partial<ShelfOptions>): Shelf;
  close(): Promise<void>;
}

export interface BenchOptions {
  readonly parts?: Partial<Parts> | undefined;
  readonly settings?: Partial<ShelfOptions['settings']> | undefined;
  readonly media?: readonly OpenSpace[] | undefined;
  readonly now?: (() => number) | undefined;
  /** A folder that somebody else takes away. */
  readonly home?: string | undefined;
  readonly openEngine?: ShelfOptions['openEngine'] | undefined;
}

export function bench({ parts = {}, settings = {}, media = [], now, ...given }: BenchOptions = {}): Bench {
  const home = given.home ?? mkdtempSync(join(tmpdir(), 'sensorium-shelf-'));
  const disk: FakeDisk = new Map();
  const counted = { texts: 0 };
  const embedder = counting(fakeEmbedder(), counted);
  const opened: Shelf[] = [];
  const open = (more: Partial<ShelfOptions> = {}) => {
    const shelf = openShelf({
      ...{ home, settings: { ...DEFAULTS.store, chunkTokens: 20, chunkOverlap: 0, ...settings } },
      ...{ parts: partsWith(fakeRecogniser(['hello']), parts), now },
      openEngine: given.openEngine ?? (async () => fakeVectorStore(disk)),
      openSpaces: async () => [textSpaceOf(embedder), ...media],
      ...more,
    });
    opened.push(shelf);
    return shelf;
  };
  return {
    ...{ home, counted, reopen: open, shelf: open() },
    async close() {
      for (const shelf of opened) await shelf.close();
      if (given.home === undefined) rmSync(home, { recursive: true, force: true });
    },
  };
}

function counting(embedder: Embedder, counted: { texts: number }): Embedder {
  return {
    ...embedder,
    async embed(texts, context, purpose) {
      counted.texts += texts.length;
      return embedder.embed(texts, context, purpose);
    },
  };
}

/** A space of colours: a picture is its mean red, green and blue; so are their names. Sound is loudness, so are `loud` and `quiet`. */
export function colourSpace(): OpenSpace {
  const unit = (values: readonly number[]) => {
    // What has nothing of all these has a direction of its own.
    const length = Math.hypot(...values);
    return Float32Array.from([...values, Number(length === 0)], (value) => value / (length || 1));
  };
  const named = (text: string) =>
    unit(['red', 'green', 'blue', 'loud'].map((name) => Number(text.toLowerCase().includes(name))));
  const embedder: MediaEmbedder = {
    id: 'colours',
    capabilities: {
      ...{ dimensions: 5, takes: ['text', 'image', 'audio'], languages: 'any', weightsSha256: null, preprocessing: 'mean' },
    },
    texts: async (texts) => texts.map(named),
    media: (media) =>
      Promise.all(
        media.map(async (medium) => {
          if ('sound' in medium) {
            let peak = 0;
            for await (const piece of medium.sound.pcm()) for (const sample of piece) peak = Math.max(peak, Math.abs(sample));
            return unit([0, 0, 0, peak]);
          }
          const { rgb } = medium.pixels;
          const mean = (channel: number) =>
            rgb.reduce((sum, value, at) => sum + (at % 3 === channel ? value : 0), 0) / (rgb.length / 3) / 255;
          return unit([mean(0), mean(1), mean(2), 0]);
        }),
      ),
    close: async () => {},
  };
  return mediaSpaceOf(embedder, ['image', 'audio']);
}

export function textInput(text: string, name = 'note.txt') {
  return { kind: 'bytes', bytes: new TextEncoder().encode(text), name } as const;
}

/** A recording with one stretch of voice for each second given as loud. */
export function recording(seconds: readonly boolean[], name = 'talk.wav') {
  const samples = new Float32Array(16_000 * seconds.length);
  for (const [at, isLoud] of seconds.entries()) {
    if (!isLoud) continue;
    for (let n = 1_600; n < 14_400; n++) samples[at * 16_000 + n] = 0.6 * Math.sin((2 * Math.PI * 440 * n) / 16_000);
  }
  const bytes = new Uint8Array(Int16Array.from(samples, (sample) => sample * 32_767).buffer);
  return { kind: 'bytes', bytes: wavFile(bytes), name } as const;
}
