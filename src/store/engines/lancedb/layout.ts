import { existsSync } from 'node:fs';
import { link, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SensoriumError } from '#contract/error.ts';
import { Space } from '#contract/vector-store.ts';
import { spaceMismatch } from '../../guarded.ts';
import { sameSpace } from '../../space.ts';

/**
 * The form of what is on disk: `store.json` with this number, `spaces/ID.json` for each space, its table `ID_vLAYOUT.lance`.
 * Layout 1 had no columns for the order of numbers.
 */
export const LAYOUT = 2;

/** The table of a space in a layout. */
export function tableName(space: string, layout = LAYOUT): string {
  return `${space}_v${layout}`;
}

/** The layout of a folder, `null` for one that is new. Throws `store.unusable` for what a later version wrote. */
export async function readLayout(folder: string): Promise<number | null> {
  const file = join(folder, 'store.json');
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (text === null) return null;
  const layout = layoutIn(text);
  if (layout === null || layout < 1) {
    throw new SensoriumError('store.unusable', 'The vector store’s store.json cannot be read.', {
      hint: `Put back ${file} from a copy, or write {"layout":${LAYOUT}} into it if this version wrote the store.`,
    });
  }
  if (layout > LAYOUT) {
    throw new SensoriumError(
      'store.unusable',
      `A later version wrote this vector store (layout ${layout}, known ${LAYOUT}).`,
      {
        hint: 'Install the newest version of sensorium, or name another folder.',
        details: { folder, layout },
      },
    );
  }
  return layout;
}

function layoutIn(text: string): number | null {
  try {
    const { layout } = JSON.parse(text) as { layout?: unknown };
    return typeof layout === 'number' && Number.isInteger(layout) ? layout : null;
  } catch {
    return null;
  }
}

/** Writes down the layout, all of it or nothing. */
export async function writeLayout(folder: string, layout = LAYOUT): Promise<void> {
  await writeWhole(join(folder, 'store.json'), { layout }, true);
}

/** The spaces of a folder. */
export async function readSpaces(folder: string): Promise<Space[]> {
  const names = await readdir(join(folder, 'spaces'));
  const files = names.filter((name) => name.endsWith('.json')).sort();
  return Promise.all(files.map((name) => readSpace(join(folder, 'spaces', name))));
}

async function readSpace(file: string): Promise<Space> {
  return Space.parse(JSON.parse(await readFile(file, 'utf8')));
}

/** Writes down a space unless it is there. Throws `store.space-mismatch` where another one is. */
export async function writeSpace(folder: string, space: Space): Promise<void> {
  const file = join(folder, 'spaces', `${space.id}.json`);
  // Not written again where it is: a disk that is full must not stop whoever only searches.
  if (!existsSync(file) && (await writeWhole(file, space, false))) return;
  const there = await readSpace(file);
  if (!sameSpace(there, space)) throw spaceMismatch(there, space);
}

/** Makes the folder for spaces. */
export async function makeFolders(folder: string): Promise<void> {
  await mkdir(join(folder, 'spaces'), { recursive: true });
}

/** Whether it was written: a file that is there stays as it is unless `replace` says otherwise. Nobody ever sees half of it. */
async function writeWhole(file: string, value: unknown, replace: boolean): Promise<boolean> {
  const draft = `${file}.${process.pid}.${Math.round(performance.now() * 1e3)}.draft`;
  try {
    await writeFile(draft, `${JSON.stringify(value, null, 2)}\n`, { flush: true });
    if (replace) await rename(draft, file);
    else await link(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}
