import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { SensoriumError } from '#contract/error.ts';

/** A recording and what is said in it. `audio` is a path relative to the file of items. */
const Recording = z.strictObject({
  audio: z.string().min(1),
  text: z.string(),
  speaker: z.string().optional(),
  lang: z.string().optional(),
});

/** What a recogniser wrote already. `second`: what another made of the same; `words`: in order, as they stand in `hypothesis`, each with its own confidence. */
const Heard = z.strictObject({
  hypothesis: z.string(),
  reference: z.string(),
  second: z.string().optional(),
  words: z.array(z.looseObject({ text: z.string().min(1), confidence: z.number().min(0).max(1).nullish() })).optional(),
  speaker: z.string().optional(),
  lang: z.string().optional(),
});

export type RecordingItem = z.infer<typeof Recording>;
export type HeardItem = z.infer<typeof Heard>;

/** An item with the line it stands in, counted from 1. */
export type Item = { readonly line: number } & (
  | { readonly kind: 'recording'; readonly path: string; readonly item: RecordingItem }
  | { readonly kind: 'heard'; readonly item: HeardItem }
);

const LARGEST_BYTES = 256 * 2 ** 20;
const FORMS =
  'An item is a line like {"audio": "a.wav", "text": "…"} or {"hypothesis": "…", "reference": "…", "second": "…"}.';

/**
 * Reads labelled items, a JSON object a line. Throws `media.not-found` where there is no such file or recordings are missing,
 * `media.too-large`, and `config.invalid` naming the line that is wrong.
 */
export async function readItems(path: string): Promise<readonly Item[]> {
  const text = await textOf(path);
  const items = text.split(/\r?\n/).flatMap((line, at) => (line.trim() === '' ? [] : [itemOf(line, at + 1, path)]));
  const missing = items.filter((item) => item.kind === 'recording' && !existsSync(item.path));
  const [first] = missing;
  if (first?.kind === 'recording') {
    const others = missing.length === 1 ? '' : `, and ${missing.length - 1} more are missing`;
    throw new SensoriumError(
      'media.not-found',
      `Line ${first.line}: there is no ${first.item.audio} beside ${path}${others}.`,
      {
        hint: `Put the recordings there, or write their paths relative to ${dirname(resolve(path))}.`,
        details: { line: first.line, missing: missing.length },
      },
    );
  }
  return items;
}

async function textOf(path: string): Promise<string> {
  const about = await stat(path).catch(() => null);
  if (!about?.isFile()) {
    throw new SensoriumError('media.not-found', about ? `${path} is not a file.` : `There is no file ${path}.`, {
      hint: FORMS,
    });
  }
  if (about.size > LARGEST_BYTES) {
    throw new SensoriumError('media.too-large', `${path} has more than ${LARGEST_BYTES / 2 ** 20} MiB.`, {
      hint: 'A few thousand items are enough: take a part of them.',
    });
  }
  return readFile(path, 'utf8');
}

function itemOf(line: string, number: number, path: string): Item {
  const value = parsed(line);
  if (typeof value === 'object' && value !== null && 'audio' in value) {
    const item = checked(Recording, value, number);
    return { kind: 'recording', line: number, item, path: resolve(dirname(path), item.audio) };
  }
  if (typeof value === 'object' && value !== null && 'hypothesis' in value) {
    return { kind: 'heard', line: number, item: checked(Heard, value, number) };
  }
  const why = value === undefined ? 'is not JSON' : 'has neither "audio" nor "hypothesis"';
  throw new SensoriumError('config.invalid', `Line ${number} of ${path} ${why}.`, {
    hint: FORMS,
    details: { line: number },
  });
}

function checked<T>(form: z.ZodType<T>, value: unknown, line: number): T {
  const found = form.safeParse(value);
  if (found.success) return found.data;
  const [issue] = found.error.issues;
  const where = issue?.path.join('.') ?? '';
  throw new SensoriumError(
    'config.invalid',
    `Line ${line}: ${where ? `${where}: ` : ''}${issue?.message ?? 'is no item'}.`,
    {
      hint: FORMS,
      details: { line },
    },
  );
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
