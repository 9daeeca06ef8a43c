import { describe, expect, it } from 'vitest';
import type { PipelineEvent } from '#contract/events.ts';
import { lossOf } from '#contract/loss.ts';
import type { Describer, Reader } from '#contract/ports.ts';
import { fakeRecogniser } from '#perceive/hear/fake.ts';
import { pdfOf, say } from '#runtime/pdf/__fixtures__/pdf.ts';
import { eventsOf, partsWith } from './__fixtures__/parts.ts';
import { perceiveOne } from './perceive-one.ts';
import { film, redSquare } from './tiny-media.ts';

const signal = new AbortController().signal;

/** Reads the same in every picture, and loses something each time. */
const reader: Reader = {
  id: 'eyes',
  capabilities: { languages: 'any', characterProbabilities: false },
  canWrite: () => true,
  async read({ part }, { note }) {
    note(lossOf({ kind: 'small-print', stage: 'perceive', part, engine: 'eyes', message: 'Small print.' }));
    return { text: '', lines: [] };
  },
  close: async () => {},
};
const describer: Describer = { id: 'mouth', describe: async () => ({ text: 'A red square.' }), close: async () => {} };

function seeing(see: { reader: string | null; describer: string | null }) {
  const parts = partsWith(fakeRecogniser());
  return {
    ...parts,
    senses: { ...parts.senses, see },
    reader: async () => reader,
    describer: async () => describer,
  };
}
const losses = (events: readonly PipelineEvent[]) =>
  events.flatMap((event) => (event.kind === 'loss-noted' ? [event.loss] : []));
const perceived = (events: readonly PipelineEvent[]) =>
  events.flatMap((event) => (event.kind === 'part-perceived' ? [event.perception] : []));

describe('a picture', () => {
  const media = { kind: 'bytes', bytes: redSquare(), name: 'red.png' } as const;

  it('that nobody describes says so', async () => {
    const events = await eventsOf(perceiveOne({ media, tell: 'zh' }, seeing({ reader: 'eyes', describer: null })));
    expect(perceived(events)).toMatchObject([{ kind: 'picture', description: null, engine: 'eyes' }]);
    expect(losses(events).map(({ kind }) => kind)).toContain('not-described');
  });

  it('that somebody describes is told, and nothing is missing', async () => {
    const events = await eventsOf(perceiveOne({ media }, seeing({ reader: 'eyes', describer: 'mouth' })));
    expect(perceived(events)).toMatchObject([{ kind: 'picture', text: expect.stringContaining('A red square.') }]);
    expect(losses(events).map(({ kind }) => kind)).not.toContain('not-described');
  });
});

it('a document is read page by page, and says how far it has come', async () => {
  const bytes = pdfOf([{ content: say('First', 72, 700) }, { content: say('Second', 72, 700) }]);
  const parts = seeing({ reader: 'eyes', describer: null });
  const events = await eventsOf(perceiveOne({ media: { kind: 'bytes', bytes, name: 'a.pdf' } }, parts));
  expect(perceived(events)).toMatchObject([
    { kind: 'document', engine: 'pdfium', text: expect.stringContaining('Second') },
  ]);
  const moved = events.flatMap((event) =>
    event.kind === 'seeing-moved' ? [[event.done, event.total, event.unit]] : [],
  );
  expect(moved).toEqual([
    [1, 2, 'pages'],
    [2, 2, 'pages'],
  ]);
});

it('a video tells once what its frames lost', async () => {
  const bytes = await film(signal);
  if (!bytes) throw new Error('This test needs ffmpeg; it comes with npm ci.');
  const parts = seeing({ reader: 'eyes', describer: 'mouth' });
  const events = await eventsOf(perceiveOne({ media: { kind: 'bytes', bytes, name: 'a.mp4' }, sense: 'watch' }, parts));
  const [timeline] = perceived(events);
  expect(timeline).toMatchObject({ kind: 'timeline', text: expect.stringContaining('A red square.') });
  const small = losses(events).filter(({ kind }) => kind === 'small-print');
  expect(small).toHaveLength(1);
  if (timeline?.kind === 'timeline' && timeline.framesSeen > 1) {
    expect(small[0]).toMatchObject({ extent: timeline.framesSeen, unit: 'frames' });
  }
});
