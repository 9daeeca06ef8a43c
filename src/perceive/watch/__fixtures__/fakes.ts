import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, vi } from 'vitest';
import type { Loss } from '#contract/loss.ts';
import type { Pixels } from '#contract/media.ts';
import type { Picture, Segment, TextLine, Transcript, Word } from '#contract/perception.ts';

/** A folder for the files of one test file; temporary files of the product lie in it too, and `leftovers` counts them. */
export function testFolder(): { readonly path: string; leftovers(): number } {
  const path = mkdtempSync(join(tmpdir(), 'watch-test-'));
  const temporary = join(path, 'tmp');
  mkdirSync(temporary);
  beforeAll(() => void vi.stubEnv('TMPDIR', temporary));
  afterAll(() => {
    vi.unstubAllEnvs();
    rmSync(path, { recursive: true, force: true });
  });
  return { path, leftovers: () => readdirSync(temporary).length };
}

/** A place to note losses, and a signal. */
export function context(signal = new AbortController().signal) {
  const losses: Loss[] = [];
  return { signal, losses, note: (loss: Loss) => void losses.push(loss) };
}

/** A line that was read, at a place in the picture, with a probability for all its characters. */
export function textLine(text: string, left: number, top: number, probability: number | null = 0.99): TextLine {
  const [right, bottom] = [left + 12 * [...text].length, top + 20];
  return {
    text,
    start: 0,
    box: [
      [left, top],
      [right, top],
      [right, bottom],
      [left, bottom],
    ],
    direction: 'horizontal',
    heightPx: 20,
    characters: [...text].map((character) => ({ text: character, probability })),
    confidence: probability,
    confidenceSource: probability === null ? null : 'fake',
    unwritable: false,
  };
}

/** What somebody who looks at a frame makes of it. */
export function pictureOf({ widthPx, heightPx }: Pixels, lines: readonly TextLine[], description: string | null = null): Picture {
  return {
    part: 'part-1',
    kind: 'picture',
    text: lines.map(({ text }) => text).join('\n'),
    widthPx,
    heightPx,
    frames: 1,
    lines: [...lines],
    description: description === null ? null : { text: description, engine: 'fake-eye', omits: [] },
    engine: 'fake-reader',
  };
}

/** Something that was said. */
export function segment(startMs: number, endMs: number, text: string, more: Partial<Segment> = {}): Segment {
  const word: Word = { text, startMs, endMs, confidence: 0.9, confidenceSource: 'fake', timeSource: 'model', tokens: [] };
  return { startMs, endMs, text, words: [word], meanLogprob: null, compressionRatio: null, noSpeechProbability: null, ...more };
}

export function transcriptOf(durationMs: number, segments: readonly Segment[]): Transcript {
  return {
    part: 'part-1',
    kind: 'transcript',
    text: segments.map(({ text }) => text).join(' '),
    language: 'en',
    languageSource: null,
    durationMs,
    engine: 'fake-ear',
    words: segments.flatMap(({ words }) => words),
    segments: [...segments],
  };
}
