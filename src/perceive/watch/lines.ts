import type { TextLine } from '#contract/perception.ts';
import { type Box, isSamePlace } from './box.ts';
import { isGrown, isSameLine, type Reading, readingOf } from './same-line.ts';

/** A line as it was seen in one frame; its box in shares of the picture. */
export interface SeenLine {
  readonly line: Pick<TextLine, 'text' | 'characters' | 'confidence'>;
  readonly box: Box;
  readonly source: string;
}

/** A line over time: its most certain, or longest, reading; from first to last sight. Frames count from 0 among those seen. */
export interface TrackedLine {
  readonly text: string;
  readonly confidence: number | null;
  readonly source: string;
  /** Where it was in its first and in its last frame. */
  readonly firstBox: Box;
  readonly box: Box;
  readonly startMs: number;
  readonly endMs: number;
  readonly firstFrame: number;
  readonly lastFrame: number;
  /** Where it stood in its first frame, for the order of reading. */
  readonly order: number;
}

type Track = { -readonly [Key in keyof TrackedLine]: TrackedLine[Key] } & { reading: Reading };

/** A line that was not read in so many frames, or for so long, is gone: a reader may miss one now and then. */
const MISSED_FRAMES = 2;
const MISSED_MS = 15_000;

/** Follows lines of writing from frame to frame; `see` takes the frames in order of time, `lines` are all that there were. */
export function lineFollower(): {
  see(atMs: number, lines: readonly SeenLine[]): void;
  lines(): TrackedLine[];
} {
  const tracks: Track[] = [];
  let open: Track[] = [];
  let frame = -1;
  return {
    see(atMs, lines) {
      frame++;
      open = open.filter(({ lastFrame, endMs }) => {
        const missed = frame - lastFrame - 1;
        return missed === 0 || (missed <= MISSED_FRAMES && atMs - endMs <= MISSED_MS);
      });
      const free = new Set(open);
      const seen = lines
        .map((one, order) => ({ one, order, reading: readingOf(one.line) }))
        .filter(({ reading }) => reading.characters.length > 0);
      // The surest matches first, so that a line that was read anew is not taken for its neighbour.
      const left = new Set(seen);
      for (const matches of [isUnmoved, isUnchanged, isRead, isLonger]) {
        for (const now of left) {
          const track = [...free].find((before) => matches(before, now.reading, now.one.box));
          if (!track) continue;
          free.delete(track);
          left.delete(now);
          goOn(track, now.one, now.reading, atMs, frame);
        }
      }
      for (const { one, order, reading } of left) {
        const { text, confidence } = one.line;
        const times = { startMs: atMs, endMs: atMs, firstFrame: frame, lastFrame: frame };
        const track = {
          text,
          confidence,
          reading,
          source: one.source,
          firstBox: one.box,
          box: one.box,
          ...times,
          order,
        };
        tracks.push(track);
        open.push(track);
      }
    },
    lines: () => tracks.map(({ reading: _, ...line }) => line),
  };
}

const isEqual = (a: Reading, b: Reading) => a.characters.join('') === b.characters.join('');
const isUnmoved = (track: Track, now: Reading, box: Box) => isEqual(track.reading, now) && isSamePlace(track.box, box);
const isUnchanged = (track: Track, now: Reading) => isEqual(track.reading, now);
const isRead = (track: Track, now: Reading, box: Box) => isSamePlace(track.box, box) && isSameLine(track.reading, now);
const isLonger = (track: Track, now: Reading, box: Box) => isSamePlace(track.box, box) && isGrown(track.reading, now);

function goOn(track: Track, { line, box }: SeenLine, reading: Reading, atMs: number, frame: number): void {
  const isLongerNow = isGrown(track.reading, reading);
  if (isLongerNow || (line.confidence ?? 0) > (track.confidence ?? 0)) {
    track.text = line.text;
    track.confidence = line.confidence;
    track.reading = reading;
  }
  track.box = box;
  track.endMs = atMs;
  track.lastFrame = frame;
}
