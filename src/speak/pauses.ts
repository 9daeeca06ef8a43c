// How long a speaker rests after a mark, in milliseconds at normal pace.
const AFTER: readonly (readonly [marks: RegExp, ms: number])[] = [
  [/[.!?。！？｡]$/u, 300],
  [/(…|\.\.\.)$/u, 450],
  [/[;:；：—–]$/u, 200],
  [/[,，、]$/u, 100],
];
const AFTER_LINE_MS = 350;
const CLOSERS = /["'”’»)\]）】」』》]+$/u;

/** How long to rest after a sentence before the next one, in milliseconds: by its last mark and by the pace. */
export function pauseAfterMs(text: string, speed: number): number {
  const bare = text.trimEnd().replace(CLOSERS, '');
  const mark = AFTER.findLast(([marks]) => marks.test(bare));
  return Math.round((mark?.[1] ?? AFTER_LINE_MS) / speed);
}
