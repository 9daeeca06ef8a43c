import type { PdfPage, TextRun } from '#runtime/pdf/page.ts';

type Turn = 0 | 90 | 180 | 270;

/**
 * The runs that point to where most of the page's letters do, as if the page had been turned upright for them; the others aside, those
 * of one direction together, each turned upright for itself.
 */
export function uprightRuns(
  page: PdfPage,
  runs: readonly TextRun[],
): { readonly main: TextRun[]; readonly aside: TextRun[][] } {
  const groups = new Map<TextRun['turn'], TextRun[]>();
  for (const run of runs) {
    const group = groups.get(run.turn);
    if (group) group.push(run);
    else groups.set(run.turn, [run]);
  }
  const letters = (group: readonly TextRun[]) => group.reduce((sum, run) => sum + run.text.length, 0);
  const [first, ...others] = [...groups].sort(
    (a, b) => letters(b[1]) - letters(a[1]) || Number(b[0] === 0) - Number(a[0] === 0),
  );
  if (!first) return { main: [], aside: [] };
  return { main: turned(page, ...first), aside: others.map((other) => turned(page, ...other)) };
}

function turned(page: PdfPage, turn: TextRun['turn'], runs: readonly TextRun[]): TextRun[] {
  return turn === null ? slanted(runs) : runs.map((run) => upright(page, turn, run));
}

// Where a slanted line stands says nothing of others: each goes on a row of its own.
function slanted(runs: readonly TextRun[]): TextRun[] {
  return runs.map((run, index) => ({ ...run, baseline: index * 3 * run.sizePt }));
}

function upright({ widthPt, heightPt }: PdfPage, turn: Turn, run: TextRun): TextRun {
  const { left, top, right, bottom, baseline } = run;
  switch (turn) {
    case 0:
      return run;
    case 90:
      return {
        ...run,
        left: top,
        right: bottom,
        top: widthPt - right,
        bottom: widthPt - left,
        baseline: widthPt + baseline,
      };
    case 180:
      return {
        ...run,
        left: widthPt - right,
        right: widthPt - left,
        top: heightPt - bottom,
        bottom: heightPt - top,
        baseline: heightPt + baseline,
      };
    case 270:
      return { ...run, left: heightPt - bottom, right: heightPt - top, top: left, bottom: right };
  }
}
