/** A range of cells, from 0, both ends in it. */
export interface Range {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const MOST_COLUMNS = 16_384;
const MOST_ROWS = 1_048_576;

/** Column and row of a reference such as `B12`, from 0; `null` where it is none that a sheet has. */
export function placeOf(reference: string): { readonly column: number; readonly row: number } | null {
  const match = /^\$?([A-Za-z]{1,3})\$?(\d{1,7})$/.exec(reference);
  if (!match) return null;
  let column = 0;
  for (const letter of (match[1] ?? '').toUpperCase()) column = column * 26 + letter.charCodeAt(0) - 64;
  const row = Number(match[2]);
  return column > MOST_COLUMNS || row < 1 || row > MOST_ROWS ? null : { column: column - 1, row: row - 1 };
}

/** The range `A1:C3`, or of one cell. */
export function rangeOf(reference: string): Range | null {
  const [first = '', last = first] = reference.split(':');
  const from = placeOf(first);
  const to = placeOf(last);
  if (!from || !to || to.column < from.column || to.row < from.row) return null;
  return { left: from.column, top: from.row, right: to.column, bottom: to.row };
}

/** The letters of a column, from 0: `A`, …, `Z`, `AA`. */
export function columnName(column: number): string {
  const letter = String.fromCharCode(65 + (column % 26));
  return column < 26 ? letter : columnName(Math.floor(column / 26) - 1) + letter;
}

/** Numbers in order as a person writes them: `3–5, 9`. */
export function spans(numbers: readonly number[], nameOf: (number: number) => string): string {
  const parts: string[] = [];
  for (let from = 0; from < numbers.length; ) {
    let to = from;
    while (numbers[to + 1] === (numbers[to] ?? 0) + 1) to += 1;
    const first = nameOf(numbers[from] ?? 0);
    parts.push(to === from ? first : `${first}–${nameOf(numbers[to] ?? 0)}`);
    from = to + 1;
  }
  return parts.join(', ');
}
