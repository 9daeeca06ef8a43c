import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import type { Perception, Transcript } from '#contract/perception.ts';
import type { Report } from '#contract/report.ts';
import { ledgerOf, spanOf } from '#ledger/__fixtures__/ledger.ts';
import { answerSummary, heardLine, heardText, markedText, toneLine } from './report.ts';
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

describe('doubtful places', () => {
  const coloured = { ...terminal, style: pc.createColors(true) };
  const spans = [
    spanOf({ start: 2, end: 3, text: '抚' }),
    spanOf({ start: 4, end: 5, text: '强', alternatives: [] }),
    spanOf({ start: 9, end: 12 }),
  ];

  it('are marked by code points, with what else they may be', () => {
    expect(markedText('𬬱他抚着强', spans, terminal)).toBe('𬬱他抚(扶?)着强[?]');
    const shown = markedText('𬬱他抚着强', spans, coloured);
    expect(shown).toContain(coloured.style.dim('(扶?)'));
    expect(shown).toContain(coloured.style.underline(coloured.style.yellow('强')));
    expect(shown).not.toContain('[?]');
  });

  it('are found in the plain words although they are placed among the marks of tone', () => {
    const marks = [
      { at: 1, written: '[慢]', time: { startMs: 0, endMs: 1 }, cues: [] },
      { at: 3, written: '[停顿1秒]', time: { startMs: 0, endMs: 1 }, cues: [] },
    ];
    const transcript: Transcript = {
      ...{ part: 'part-1', kind: 'transcript', text: '他抚着墙', language: 'zh', languageSource: null, durationMs: 1 },
      ...{ engine: 'ears', words: [], segments: [] },
      enriched: { text: '他[慢]抚着[停顿1秒]墙', marks, withheld: null },
    };
    const placed = [spanOf({ start: 4, end: 5 }), spanOf({ start: 12, end: 13, text: '墙', alternatives: [] })];
    expect(placed.map(({ start, end }) => [...transcript.enriched!.text].slice(start, end).join(''))).toEqual([
      '抚',
      '墙',
    ]);
    expect(heardText(transcript, placed, terminal)).toBe('他抚(扶?)着墙[?]');
  });

  it('are shown after an answer with what stands around them, in the text that was given', () => {
    const perception: Perception = {
      ...{ part: 'part-1', kind: 'picture', text: '', widthPx: 1, heightPx: 1, frames: 1, lines: [] },
      ...{ description: null, engine: 'eyes' },
      mended: { text: `${'一二\n'.repeat(20)}他抚着墙${'三'.repeat(30)}`, edits: [] },
    };
    const report = {
      ...{ requestId: 'r', plan: [], perceptions: [perception], speech: null, costs: [] },
      ledger: ledgerOf({ spans: [spanOf({ start: 61, end: 62 })] }),
      timings: { mediaMs: null, probeMs: null, perceiveMs: null, firstTokenMs: null, firstAudioMs: null, totalMs: 1 },
      answer: { model: 'm', text: '', finishReason: 'stop', usage: null } as unknown as Report['answer'],
    };
    expect(answerSummary(report, terminal)).toContain(
      `Doubt   …${'一二 '.repeat(4).slice(1)}他抚(扶?)着墙${'三'.repeat(10)}…\n`,
    );
    expect(answerSummary({ ...report, ledger: ledgerOf() }, terminal)).not.toContain('Doubt');
  });
});
