import type { Measured } from '#contract/ledger.ts';
import type { Loss } from '#contract/loss.ts';
import type { Document, Perception, Picture, TextLine, Timeline } from '#contract/perception.ts';
import { measured, unmeasured } from '../unmeasured.ts';

/** What of writing and of pictures did not get into the text. */
export interface WrittenLoss {
  readonly regionsUnread: Measured;
  readonly smallPrint: Measured;
  readonly layout: Measured;
  readonly timeUnseen: Measured;
}

/** A frame tells of the second before it and of the one after: what comes and goes between two such stretches nobody saw. */
const FRAME_TELLS_MS = 1_000;

/** Counts what pictures, documents and videos had and the text has not. */
export function writtenLoss(perceptions: readonly Perception[], losses: readonly Loss[]): WrittenLoss {
  const seen = perceptions.filter(isSeen);
  const parts = new Set(seen.map(({ part }) => part));
  const noted = losses.filter(({ part, stage }) => stage === 'perceive' && part !== null && parts.has(part));
  const timeUnseen = timeUnseenIn(perceptions.filter(({ kind }) => kind === 'timeline') as Timeline[]);
  if (seen.length === 0) {
    const nothing = unmeasured('Nothing was read or looked at.');
    return { regionsUnread: nothing, smallPrint: nothing, layout: nothing, timeUnseen };
  }
  const lines = seen.flatMap(linesIn);
  return {
    regionsUnread: measured(unreadIn(seen, noted, lines), 'lines-and-losses'),
    smallPrint: smallPrintIn(noted, lines, seen),
    layout: measured(extentOf(noted, 'layout'), 'losses'),
    timeUnseen,
  };
}

function isSeen(perception: Perception): perception is Picture | Document | Timeline {
  return perception.kind === 'picture' || perception.kind === 'document' || perception.kind === 'timeline';
}

// The writing in a video is followed over its frames; single lines are not kept.
function linesIn(perception: Picture | Document | Timeline): readonly TextLine[] {
  if (perception.kind === 'picture') return perception.lines;
  return perception.kind === 'document' ? perception.pages.flatMap(({ lines }) => lines) : [];
}

// Pages without text, and what is drawn in a line that nobody could write.
function unreadIn(
  seen: readonly (Picture | Document | Timeline)[],
  noted: readonly Loss[],
  lines: readonly TextLine[],
): number {
  const documents = seen.filter(({ kind }) => kind === 'document').map(({ part }) => part);
  const pages = noted.filter(({ kind, part }) => kind === 'page-unread' && part !== null && documents.includes(part));
  const elsewhere = noted.filter(({ kind, text }) => kind === 'unwritable-character' && text === null);
  const unwritable = lines.filter(({ unwritable }) => unwritable).length;
  return extentOf(pages, 'page-unread') + extentOf(elsewhere, 'unwritable-character') + unwritable;
}

function smallPrintIn(
  noted: readonly Loss[],
  lines: readonly TextLine[],
  seen: readonly (Picture | Document | Timeline)[],
): Measured {
  const small = noted.filter(({ kind }) => kind === 'small-print').length;
  const isVideo = seen.some(({ kind }) => kind === 'timeline');
  const unsized = lines.some(({ heightPx }) => heightPx === 0);
  if (isVideo || unsized) {
    const why = isVideo ? 'lines in a video are not measured one by one' : 'a reader gave no heights';
    return unmeasured(small > 0 ? `At least ${small} lines: ${why}.` : `Not known: ${why}.`);
  }
  return measured(small, 'line-height');
}

function extentOf(losses: readonly Loss[], kind: Loss['kind']): number {
  return losses.reduce((sum, loss) => sum + (loss.kind === kind ? (loss.extent ?? 1) : 0), 0);
}

/** The share of all videos' time that is further than a second from every frame that was looked at. */
function timeUnseenIn(timelines: readonly Timeline[]): Measured {
  if (timelines.length === 0) return unmeasured('There was no video.');
  let [unseenMs, wholeMs] = [0, 0];
  for (const timeline of timelines) {
    const missed = unseenMsOf(timeline);
    if (missed === null) return unmeasured('It is not known when the frames are that were looked at.');
    unseenMs += missed;
    wholeMs += timeline.durationMs;
  }
  if (wholeMs === 0) return unmeasured('It is not known how long the video is.');
  return measured(unseenMs / wholeMs, `further than ${FRAME_TELLS_MS / 1000} s from a frame`);
}

function unseenMsOf({ durationMs, framesSeen, framesTotal, longestGapMs, seenMs }: Timeline): number | null {
  if (framesTotal !== null && framesSeen >= framesTotal) return 0;
  if (seenMs) {
    let [unseen, knownUntil] = [0, 0];
    for (const atMs of [...seenMs].sort((a, b) => a - b)) {
      unseen += Math.max(0, Math.min(durationMs, atMs - FRAME_TELLS_MS) - knownUntil);
      knownUntil = Math.max(knownUntil, atMs + FRAME_TELLS_MS);
    }
    return unseen + Math.max(0, durationMs - knownUntil);
  }
  return longestGapMs !== null && longestGapMs <= FRAME_TELLS_MS ? 0 : null;
}
