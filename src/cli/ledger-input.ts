import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { SensoriumError } from '#contract/error.ts';
import { type Entry, ledgersIn } from '#ledger/index.ts';

/** What `FILE` of the ledger commands means: a log, a ledger, an answer that has one, or `-` for standard input. */
export async function* entriesIn(file: string): AsyncGenerator<Entry> {
  if (file !== '-') await checkFile(file);
  const stream = file === '-' ? process.stdin : createReadStream(file);
  stream.setEncoding('utf8');
  try {
    yield* ledgersIn(stream as AsyncIterable<string>);
  } catch (cause) {
    throw new SensoriumError('media.cannot-read', `${nameOf(file)} cannot be read to its end.`, {
      hint: 'Check that the file is there and may be read.',
      cause,
    });
  }
}

/** A line that is a ledger. */
export type Found = Extract<Entry, { readonly problems: readonly [] }>;

/** The ledgers of a file that is expected to hold some; lines that are none are handed to `onBad`. Throws `cli.usage` where there is none. */
export async function* ledgersOf(file: string, onBad: (entry: Entry) => void = () => {}): AsyncGenerator<Found> {
  let found = 0;
  let firstBad: Entry | null = null;
  for await (const entry of entriesIn(file)) {
    if (entry.ledger === null) {
      firstBad ??= entry;
      onBad(entry);
      continue;
    }
    found += 1;
    yield entry;
  }
  if (found > 0) return;
  const problem = firstBad?.problems[0];
  const why = problem ? ` Line ${firstBad?.line}: ${problem.path ? `${problem.path} ` : ''}${problem.message}.` : '';
  throw new SensoriumError('cli.usage', `There is no ledger in ${nameOf(file)}.${why}`, {
    hint: 'Give a ledger log (setting ledger.log), a ledger, or what `sensorium ask --json` printed.',
  });
}

function nameOf(file: string): string {
  return file === '-' ? 'standard input' : file;
}

async function checkFile(file: string): Promise<void> {
  const found = await stat(file).catch((cause: NodeJS.ErrnoException) => {
    const isMissing = cause.code === 'ENOENT' || cause.code === 'ENOTDIR';
    throw new SensoriumError(
      isMissing ? 'media.not-found' : 'media.cannot-read',
      isMissing ? `There is no file ${file}.` : `${file} cannot be read.`,
      { hint: 'Check the path; `-` reads standard input.', cause },
    );
  });
  if (found.isDirectory()) {
    throw new SensoriumError('media.not-a-file', `${file} is a folder.`, { hint: 'Give a file in it.' });
  }
}
