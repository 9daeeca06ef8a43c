import { characterHeight, type Item, rowsOf, unitsOf } from './item.ts';

/** A table: for each row its cells, for each cell the items in it, from top to bottom. */
export interface Table {
  readonly rows: readonly (readonly (readonly Item[])[])[];
}

/** A straight line that is drawn across a page (`at` is y) or down it (`at` is x). */
export interface Rule {
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

/** White between columns of a table is at least this wide, in heights of a character. */
const LEAST_WHITE = 0.8;
/** Columns whose lines are this long on average, and fill their column this far, are prose and no table. */
const PROSE_UNITS = 16;
const PROSE_FILL = 0.6;
/** At least this share of the cells has something in it. */
const LEAST_FILLED = 0.6;
const LEAST_RULED_FILLED = 0.4;

/** Finds tables without lines around their cells: rows that follow each other and whose pieces stand in the same columns. */
export function alignedTables(items: readonly Item[]): readonly Table[] {
  const tables: Table[] = [];
  let run: Item[][] = [];
  for (const row of [...rowsOf(items), []]) {
    if (row.length >= 2 && !tooFarBelow(run.at(-1), row)) {
      run.push(row);
      continue;
    }
    const table = tableOf(run);
    if (table) tables.push(table);
    run = row.length >= 2 ? [row] : [];
  }
  return tables;
}

function tooFarBelow(above: readonly Item[] | undefined, row: readonly Item[]): boolean {
  if (!above) return false;
  const gap = Math.min(...row.map((item) => item.top)) - Math.max(...above.map((item) => item.bottom));
  return gap > 3 * characterHeight(row);
}

function tableOf(run: readonly (readonly Item[])[]): Table | null {
  if (run.length < 2) return null;
  const all = run.flat();
  if (all.some((item) => item.vertical)) return null;
  const columns = columnsOf(all, LEAST_WHITE * characterHeight(all));
  if (columns.length < 2 || isProse(columns, all)) return null;
  const rows = run.map((row) =>
    columns.map(([left, right]) => row.filter((item) => item.left >= left && item.right <= right)),
  );
  const filled = rows.flat().filter((cell) => cell.length > 0).length;
  const single = rows.flat().every((cell) => cell.length <= 1);
  return single && filled >= LEAST_FILLED * run.length * columns.length ? { rows } : null;
}

function columnsOf(items: readonly Item[], least: number): [number, number][] {
  const columns: [number, number][] = [];
  for (const { left, right } of [...items].sort((a, b) => a.left - b.left)) {
    const last = columns.at(-1);
    if (last && left < last[1] + least) last[1] = Math.max(last[1], right);
    else columns.push([left, right]);
  }
  return columns;
}

function isProse(columns: readonly (readonly [number, number])[], items: readonly Item[]): boolean {
  const long = columns.filter(([left, right]) => {
    const own = items.filter((item) => item.left >= left && item.right <= right);
    const mean = (value: (item: Item) => number) =>
      own.reduce((sum, item) => sum + value(item), 0) / Math.max(1, own.length);
    return (
      mean(({ text }) => unitsOf(text)) >= PROSE_UNITS &&
      mean((item) => item.right - item.left) >= PROSE_FILL * (right - left)
    );
  });
  return long.length >= 2;
}

/** Finds tables whose cells are ruled: lines drawn across and down that meet, with writing between them. */
export function ruledTables(
  items: readonly Item[],
  rules: { readonly across: readonly Rule[]; readonly down: readonly Rule[] },
): readonly Table[] {
  const slack = Math.max(4, 0.3 * characterHeight(items));
  const long = (rule: Rule) => rule.to - rule.from > 2 * characterHeight(items);
  const tables: Table[] = [];
  for (const { across, down } of grids(rules.across.filter(long), rules.down.filter(long), slack)) {
    const ys = positions(across, slack);
    const xs = positions(down, slack);
    if (ys.length < 3 || xs.length < 3) continue;
    const rows = ys
      .slice(1)
      .map((bottom, row) =>
        xs
          .slice(1)
          .map((right, column) => items.filter((item) => isIn(item, xs[column] ?? 0, ys[row] ?? 0, right, bottom))),
      );
    const kept = rows.filter((row) => row.some((cell) => cell.length > 0));
    const filled = kept.flat().filter((cell) => cell.length > 0).length;
    const full = kept.filter((row) => row.filter((cell) => cell.length > 0).length >= 2).length;
    if (full < 2 || filled < LEAST_RULED_FILLED * kept.length * (xs.length - 1)) continue;
    tables.push({ rows: kept.map((row) => row.map((cell) => rowsOf(cell).flat())) });
  }
  return tables;
}

// Rules that meet, directly or through others.
function grids(across: readonly Rule[], down: readonly Rule[], slack: number): { across: Rule[]; down: Rule[] }[] {
  const meets = (a: Rule, d: Rule) =>
    d.at >= a.from - slack && d.at <= a.to + slack && a.at >= d.from - slack && a.at <= d.to + slack;
  const [leftAcross, leftDown] = [new Set(across), new Set(down)];
  const found: { across: Rule[]; down: Rule[] }[] = [];
  for (const start of across) {
    if (!leftAcross.delete(start)) continue;
    const grid = { across: [start], down: [] as Rule[] };
    for (let grew = true; grew; ) {
      const moreDown = [...leftDown].filter((d) => grid.across.some((a) => meets(a, d)));
      for (const d of moreDown) leftDown.delete(d);
      grid.down.push(...moreDown);
      const moreAcross = [...leftAcross].filter((a) => grid.down.some((d) => meets(a, d)));
      for (const a of moreAcross) leftAcross.delete(a);
      grid.across.push(...moreAcross);
      grew = moreDown.length + moreAcross.length > 0;
    }
    found.push(grid);
  }
  return found;
}

function positions(rules: readonly Rule[], slack: number): number[] {
  const found: number[] = [];
  for (const { at } of [...rules].sort((a, b) => a.at - b.at))
    if (at - (found.at(-1) ?? -Infinity) > slack) found.push(at);
  return found;
}

function isIn(item: Item, left: number, top: number, right: number, bottom: number): boolean {
  const [x, y] = [(item.left + item.right) / 2, (item.top + item.bottom) / 2];
  return x > left && x < right && y > top && y < bottom;
}
