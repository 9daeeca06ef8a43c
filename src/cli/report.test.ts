import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import type { Perception } from '#contract/perception.ts';
import { heardLine, toneLine } from './report.ts';
import type { Terminal } from './terminal.ts';

const nobody = () => {};
const terminal: Terminal = {
  ...{ json: false, verbose: false, quiet: false, live: false, out: nobody, err: nobody },
  style: pc.createColors(false),
};

describe('heardLine', () => {
  it.each<[Perception, string]>([
    [{ part: 'p', kind: 'plain-text', text: '你好' }, 'Read    2 characters'],
    [
      {
        ...{ part: 'p', kind: 'picture', text: `Total\n${'五'.repeat(300)}`, widthPx: 1, heightPx: 1, frames: 1 },
        ...{ lines: [], description: null, engine: 'eyes' },
      },
      `Seen    Total ${'五'.repeat(194)}…`,
    ],
    [
      { part: 'p', kind: 'document', text: 'abc', format: 'pdf', title: null, pages: [], engine: 'pdfium' },
      'Read    0 pages, 3 characters',
    ],
    [
      {
        ...{ part: 'p', kind: 'timeline', text: 'abcd', durationMs: 61_500, moments: [], engine: 'eyes' },
        ...{ framesSeen: 7, framesTotal: 90, longestGapMs: 1, cutsMissed: 0, transcript: null },
      },
      'Watched 61.5 s, 7 frames, 4 characters',
    ],
  ])('says in one line what was perceived', (perception, line) => {
    expect(heardLine(perception, terminal)).toBe(`${line}\n`);
  });
});

it('gives the words once more with how they were said', () => {
  expect(toneLine({ text: '好吧[停顿0.8秒]', marks: [], withheld: null }, terminal)).toBe('Tone    好吧[停顿0.8秒]\n');
});
