import { parse } from 'csv-parse/sync';
import { tableText } from '../../files/grid.ts';
import { LIMITS } from '../../files/limits.ts';
import { decodeText } from '../../files/text.ts';
import type { FileToRead, Told } from '../../files/told.ts';
import { cutOff } from '../../files/within.ts';
import { delimiterOf } from './dialect.ts';

const MOST_RECORD_CHARS = 1_000_000;

/** Reads a table in text as one page: a Markdown table, or lines of CSV where it is large. Its delimiter and encoding are found out. */
export async function* readCsv(file: FileToRead): AsyncGenerator<Told> {
  const text = decodeText(file);
  const delimiter = delimiterOf(text) ?? ',';
  yield { kind: 'facts', facts: { format: delimiter === '\t' ? 'tsv' : 'csv', title: null, unit: 'whole', pages: 1 } };
  const { rows, loss } = rowsOf(text, delimiter, file.sizeBytes > file.bytes.length);
  const table = tableText(rows);
  const reason = `${rows.length} rows, columns separated by ${NAMES[delimiter] ?? delimiter}`;
  yield { kind: 'page', page: { title: null, blocks: [table.slice(0, LIMITS.textChars)], reason } };
  if (loss) yield { kind: 'loss', loss };
  if (file.sizeBytes > file.bytes.length) yield { kind: 'loss', loss: cutOff(file) };
}

const NAMES: Readonly<Record<string, string>> = { ',': 'commas', '\t': 'tabs', ';': 'semicolons', '|': 'bars' };

function rowsOf(text: string, delimiter: string, isCut: boolean) {
  const kept = text.slice(0, LIMITS.textChars);
  const lost = text.length - kept.length;
  const whole = lost > 0 || isCut ? kept.slice(0, kept.lastIndexOf('\n') + 1) || kept : kept;
  const loss =
    lost > 0
      ? ({
          kind: 'text-truncated',
          extent: lost,
          unit: 'characters',
          message: `The table has ${lost} characters more than the ${LIMITS.textChars} that are read of one.`,
          action: 'its last rows are left out',
        } as const)
      : null;
  return { rows: parsed(whole, delimiter), loss };
}

// Quotes that do not match make one endless record; such a table is read by its lines.
function parsed(text: string, delimiter: string): string[][] {
  const options = {
    delimiter,
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: MOST_RECORD_CHARS,
  };
  try {
    return parse(text, options);
  } catch {
    return text
      .split(/\r\n?|\n/)
      .filter((line) => line !== '')
      .map((line) => line.split(delimiter));
  }
}
