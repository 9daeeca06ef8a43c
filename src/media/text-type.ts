/** What a text is, by how it begins. */
export interface TextType {
  readonly kind: 'document' | 'text';
  readonly mimeType: string;
}

const LOOKED_AT_ROWS = 30;
const LONGEST_CELL_CHARS = 200;

/**
 * Tells web pages, tables (CSV, TSV) and Markdown from plain text. Only what is clearly one of them is called so: a page begins with its
 * document type or outermost element; each row of a table has as many columns as the first.
 */
export function textType(head: string): TextType | null {
  const start = head.replace(/^\ufeff/, '').replace(/^(?:\s+|<!--[\s\S]{0,4000}?-->|<\?[^>]{0,200}>)*/, '');
  if (/^(?:<!doctype html\b|<html[\s>]|<head[\s>]|<body[\s>])/i.test(start)) {
    const isXml = /^\ufeff?\s*<\?xml\b/.test(head);
    return { kind: 'document', mimeType: isXml ? 'application/xhtml+xml' : 'text/html' };
  }
  const lines = head.split(/\r\n?|\n/);
  // The last one may be cut.
  const whole = lines.length > 1 ? lines.slice(0, -1) : lines;
  if (isTable(whole, '\t')) return { kind: 'text', mimeType: 'text/tab-separated-values' };
  if (isTable(whole, ',') || isTable(whole, ';')) return { kind: 'text', mimeType: 'text/csv' };
  return isMarkdown(whole) ? { kind: 'text', mimeType: 'text/markdown' } : null;
}

function isTable(lines: readonly string[], delimiter: string): boolean {
  const rows = lines.filter((line) => line.trim() !== '').slice(0, LOOKED_AT_ROWS);
  const [first = ''] = rows;
  if (/^\s*[{[<#]/.test(first)) return false;
  const cells = rows.map((row) => cellsOf(row, delimiter));
  const columns = cells[0]?.length ?? 1;
  if (columns < 2 || rows.length * (columns - 1) < 2 || rows.length < 2) return false;
  if (cells[0]?.some((cell) => cell.trim() === '')) return false;
  return cells.every(
    (row) => row.length === columns && row.every((cell) => cell.length <= LONGEST_CELL_CHARS && !/^ \S/.test(cell)),
  );
}

// A quoted cell may hold the delimiter; one that goes on in the next line makes this no table for us.
function cellsOf(row: string, delimiter: string): string[] {
  return row.replaceAll(/"(?:[^"]|"")*"/g, '""').split(delimiter);
}

const MARKDOWN: readonly RegExp[] = [
  /^#{1,6} \S/,
  /^(?:[-*+]|\d{1,3}\.) \S/,
  /^ {0,3}(?:```|~~~)/,
  /\[[^\]]{1,200}\]\([^)\s]{1,500}\)/,
  /^\|?[ :]*-{3,}[ :]*(?:\|[ :]*-{3,}[ :]*)+\|?\s*$/,
  /^> \S/,
];

// Two of its marks are there, one of them a heading, a fence or a table.
function isMarkdown(lines: readonly string[]): boolean {
  const found = MARKDOWN.map((mark) => lines.some((line) => mark.test(line)));
  return found.filter(Boolean).length >= 2 && (found[0] === true || found[2] === true || found[4] === true);
}
