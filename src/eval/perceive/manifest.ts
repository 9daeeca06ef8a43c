import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { z } from 'zod';
import { SensoriumError } from '#contract/error.ts';

/**
 * A row of a manifest: a file and what is in it. `text` is what is said or written there: `""` means nothing may be found, `null` that
 * nobody has written it down. Fields that are not named here are left alone.
 */
export const Row = z.looseObject({
  file: z.string().min(1),
  modality: z.enum(['audio', 'image', 'video', 'document', 'text']),
  lang: z.string().nullish(),
  text: z.string().nullish(),
  labels: z.record(z.string(), z.unknown()).nullish(),
  duration_s: z.number().nullish(),
  sha256: z.string().nullish(),
});
export type Row = z.infer<typeof Row>;

/** Reads `manifest.jsonl` in a folder. Throws `config.invalid` naming the line that is wrong. */
export async function readManifest(folder: string): Promise<readonly Row[]> {
  const path = join(folder, 'manifest.jsonl');
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new SensoriumError('media.not-found', `There is no manifest.jsonl in ${folder}.`, {
      cause,
      hint: 'Give a folder with one: an object a line with file, modality, lang and text.',
    });
  });
  const rows: Row[] = [];
  for (const [at, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const row = Row.safeParse(parsed(line));
    if (!row.success) {
      throw new SensoriumError('config.invalid', `Line ${at + 1} of ${path} is no row: ${z.prettifyError(row.error)}`, {
        hint: 'A row is a JSON object with file, modality (audio, image, video, document, text), lang and text.',
      });
    }
    rows.push(row.data);
  }
  return rows;
}

/** The file of a row, which lies inside the folder. Throws `config.invalid`. */
export function fileOf({ file }: Row, folder: string): string {
  const root = resolve(folder);
  const path = resolve(root, file);
  if (path.startsWith(root + sep)) return path;
  throw new SensoriumError('config.invalid', `${file} lies outside the folder of its manifest.`, {
    hint: 'Name files relative to the manifest.',
  });
}

/** Whether a file is the one its row was written for; `null` where the row has no hash. */
export async function isUnchanged({ sha256 }: Row, path: string): Promise<boolean | null> {
  if (!sha256) return null;
  const hash = createHash('sha256');
  for await (const bytes of createReadStream(path)) hash.update(bytes);
  return hash.digest('hex') === sha256;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
