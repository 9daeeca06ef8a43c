import type { FoundItem, Retrieved } from '#contract/retrieval.ts';
import type { Added, ShelvedFile, SpaceReport, StoreView } from '#pipeline/index.ts';
import type { Terminal } from './terminal.ts';

const SHOWN_CHARACTERS = 300;

/** One line on what became of a file that was added. */
export function addedLine({ file, shelved, wasThere }: Added, terminal: Terminal): string {
  const { style } = terminal;
  const pieces = piecesOf(shelved);
  const how = wasThere ? 'was there already' : `${pieces} ${pieces === 1 ? 'piece' : 'pieces'}`;
  return `${style.green('added')} ${file.filename} ${style.dim(`(${file.kind}, ${how})`)}\n`;
}

/** What was found, best first, each with where it is and why it is here. */
export function foundLines(items: readonly FoundItem[], terminal: Terminal): string {
  const { style } = terminal;
  return items
    .map((item, at) => {
      const head = `${String(at + 1).padStart(2)}  ${style.bold(item.filename)}${placeOf(item)}  ${style.dim(item.why)}`;
      return `${head}\n${item.text === '' ? '' : `    ${oneLine(item.text)}\n`}`;
    })
    .join('');
}

/** What went along with a question: what it is, and in which form. */
export function retrievedLines(retrieved: readonly Retrieved[], terminal: Terminal): string {
  const words = { medium: 'itself', clip: 'as a clip', text: 'as text' } as const;
  return retrieved
    .map(
      (one) =>
        `${terminal.style.dim('Found'.padEnd(8))} ${one.filename}${placeOf(one)} ${terminal.style.dim(`(${words[one.as]})`)}\n`,
    )
    .join('');
}

/** One line on a store. */
export function storeLine({ id, name, status, counts, usageBytes }: StoreView, { style }: Terminal): string {
  const facts = [
    `${counts.completed} files`,
    counts.in_progress > 0 ? `${counts.in_progress} on their way` : null,
    counts.failed > 0 ? `${counts.failed} failed` : null,
    `${(usageBytes / 1e6).toFixed(1)} MB of pieces`,
    status === 'expired' ? 'expired' : null,
  ].filter((fact) => fact !== null);
  return `${style.bold(name === '' ? '(no name)' : name)} ${id} ${style.dim(facts.join(', '))}\n`;
}

/** One line on a file of a store, with what was lost when it was added. */
export function shelvedLine(shelved: ShelvedFile, filename: string, { style }: Terminal): string {
  const { id, status, lastError, losses } = shelved;
  const facts = [
    `${piecesOf(shelved)} pieces`,
    losses.length === 0 ? null : `${losses.length} losses`,
    lastError?.message,
  ];
  const shown = facts.filter((fact) => fact !== null && fact !== undefined).join(', ');
  return `${status === 'completed' ? style.green('done  ') : style.yellow(status)} ${filename} ${id} ${style.dim(shown)}\n`;
}

/** One line on a space: what of the store is in it, and what its engine says. */
export function spaceLine({ embedder, dimensions, pieces, whole }: SpaceReport, { style }: Terminal): string {
  const facts = [
    `${dimensions} dimensions`,
    `${whole.items} in all stores`,
    whole.unindexed === null ? null : `${whole.unindexed} not indexed`,
    whole.fragments === null ? null : `${whole.fragments} fragments`,
    whole.sizeBytes === null ? null : `${(whole.sizeBytes / 1e6).toFixed(1)} MB`,
  ].filter((fact) => fact !== null);
  return `${style.bold(embedder)} ${pieces} pieces ${style.dim(facts.join(', '))}\n`;
}

function piecesOf({ spaces }: Pick<ShelvedFile, 'spaces'>): number {
  return spaces.reduce((sum, { pieces }) => sum + pieces, 0);
}

function placeOf({ page, fromMs, toMs }: Pick<FoundItem, 'page' | 'fromMs' | 'toMs'>): string {
  if (page !== null) return ` page ${page}`;
  return fromMs === null || toMs === null ? '' : ` ${clock(fromMs)}–${clock(toMs)}`;
}

function clock(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

function oneLine(text: string): string {
  const line = [...text.replaceAll(/\s+/gu, ' ').trim()];
  return line.length > SHOWN_CHARACTERS ? `${line.slice(0, SHOWN_CHARACTERS).join('')}…` : line.join('');
}
