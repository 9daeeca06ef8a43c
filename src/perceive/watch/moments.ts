import type { Mark, Moment, Segment, Transcript } from '#contract/perception.ts';
import type { TrackedLine } from './lines.ts';

/** Lines that came and went together, as one moment each; their confidence is the mean of those that have one. */
export function writtenMoments(lines: readonly TrackedLine[]): Moment[] {
  const together = new Map<string, TrackedLine[]>();
  for (const line of lines) {
    const key = `${line.firstFrame}-${line.lastFrame}-${line.startMs}-${line.source}`;
    together.set(key, [...(together.get(key) ?? []), line]);
  }
  return [...together.values()].map((group) => {
    const sorted = group.sort((a, b) => a.order - b.order);
    return {
      startMs: Math.min(...group.map(({ startMs }) => startMs)),
      endMs: Math.max(...group.map(({ endMs }) => endMs)),
      what: 'written',
      text: sorted.map(({ text }) => text).join('\n'),
      confidence: meanOf(group.map(({ confidence }) => confidence)),
      source: group[0]?.source ?? '',
    };
  });
}

/** What is shown from a frame until its scene ends. */
export interface Shown {
  readonly startMs: number;
  readonly endMs: number;
  readonly text: string;
  readonly source: string;
}

/** Descriptions in order of time; those that follow each other and say the same are one. */
export function shownMoments(shown: readonly Shown[]): Moment[] {
  const moments: Moment[] = [];
  for (const { startMs, endMs, text, source } of shown) {
    const before = moments.at(-1);
    if (before && isAlike(before.text, text)) before.endMs = Math.max(before.endMs, endMs);
    else moments.push({ startMs, endMs, what: 'shown', text: text.trim(), confidence: null, source });
  }
  return moments;
}

/** What is said, segment by segment, with the marks of how it was said where there are some; and what else is heard. */
export function heardMoments(transcript: Transcript): Moment[] {
  const texts = transcript.enriched ? markedTexts(transcript, transcript.enriched.marks) : null;
  const said = transcript.segments.map(
    (segment, at): Moment => ({
      ...timesOf(segment),
      what: 'said',
      text: `${segment.speaker ? `${segment.speaker}: ` : ''}${texts?.[at] ?? segment.text}`.trim(),
      confidence: segment.words.some(({ confidence }) => confidence === null)
        ? null
        : meanOf(segment.words.map(({ confidence }) => confidence)),
      source: transcript.engine,
    }),
  );
  const events: Moment[] = [];
  for (const segment of transcript.segments) {
    for (const { label, probability, source } of segment.events ?? []) {
      if (label.toLowerCase() === 'speech') continue;
      const before = events.findLast(({ text }) => text === label);
      if (before && segment.startMs - before.endMs <= SAME_EVENT_MS)
        before.endMs = Math.max(before.endMs, segment.endMs);
      else events.push({ ...timesOf(segment), what: 'event', text: label, confidence: probability, source });
    }
  }
  return [...said.filter(({ text }) => text !== ''), ...events];
}

/** The same thing heard again within this time goes on. */
const SAME_EVENT_MS = 2_000;

const ORDER = { event: 0, shown: 1, written: 2, said: 3 } as const;

/** All moments in order of time, none of them outside the video. */
export function inOrder(moments: readonly Moment[], durationMs: number): Moment[] {
  const within = (ms: number) => Math.min(Math.max(0, Math.round(ms)), Math.round(durationMs));
  return moments
    .map((moment) => {
      const startMs = within(moment.startMs);
      return { ...moment, startMs, endMs: Math.max(startMs, within(moment.endMs)) };
    })
    .sort((a, b) => a.startMs - b.startMs || ORDER[a.what] - ORDER[b.what]);
}

/** Each segment's text with the marks that stand in it, found by its place in the plain text. */
function markedTexts({ text, segments }: Transcript, marks: readonly Mark[]): string[] {
  const plain = [...text];
  let at = 0;
  return segments.map((segment, index) => {
    const own = [...segment.text];
    let start = at;
    while (start + own.length <= plain.length && plain.slice(start, start + own.length).join('') !== segment.text)
      start++;
    if (start + own.length > plain.length) return segment.text;
    const isFirst = index === 0;
    at = start + own.length;
    const inside = marks.filter((mark) => (isFirst ? mark.at >= start : mark.at > start) && mark.at <= at);
    for (const mark of [...inside].reverse()) own.splice(mark.at - start, 0, mark.written);
    return own.join('');
  });
}

/** How much of their pairs of neighbouring characters two texts share (Dice); descriptions above this say the same. */
const ALIKE = 0.9;

function isAlike(a: string, b: string): boolean {
  const [x, y] = [pairsOf(a), pairsOf(b)];
  const shared = [...x].filter((pair) => y.has(pair)).length;
  return a.trim() === b.trim() || (2 * shared) / (x.size + y.size || 1) >= ALIKE;
}

function pairsOf(text: string): Set<string> {
  const characters = [...text.toLowerCase()].filter((character) => /[\p{L}\p{N}]/u.test(character));
  return new Set(characters.slice(1).map((character, at) => `${characters[at]}${character}`));
}

function meanOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}

const timesOf = ({ startMs, endMs }: Segment) => ({ startMs, endMs });
