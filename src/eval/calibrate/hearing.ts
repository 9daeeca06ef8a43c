import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { appendFile, readFile } from 'node:fs/promises';
import { z } from 'zod';
import { isSensoriumError, SensoriumError } from '#contract/error.ts';
import { Transcript } from '#contract/perception.ts';
import type { Sensorium } from '#pipeline/index.ts';
import type { Item, RecordingItem } from './items.ts';

type Recording = Extract<Item, { kind: 'recording' }>;

/** A recording as the product hears it now. `error` says why it could not be heard; such a one is left out. */
export interface Heard {
  readonly line: number;
  readonly item: RecordingItem;
  readonly transcript: Transcript | null;
  readonly error: string | null;
}

export interface HearingOptions {
  readonly sensorium: Sensorium;
  /** What has been heard is written here, so that a second run goes on where the first stopped. Readable by its owner alone. */
  readonly keptAt: string;
  /** What hearing depends on besides the recording: what was heard with other settings is heard again. */
  readonly settings: string;
  readonly signal: AbortSignal;
  onHeard?(done: number, total: number): void;
}

const Kept = z.object({ key: z.string(), transcript: Transcript });

/** Hears each recording once. Throws `kit.cancelled` saying how far it came, and what the first failed with where none could be heard. */
export async function hearAll(recordings: readonly Recording[], options: HearingOptions): Promise<readonly Heard[]> {
  const kept = await readKept(options.keptAt);
  const heard: Heard[] = [];
  let firstError: unknown;
  for (const { line, item, path } of recordings) {
    const told = { line, item };
    try {
      const key = await keyOf(path, item, options.settings);
      const before = kept.get(key);
      const transcript = before ?? (await hear(path, item, options));
      if (!before) await keep(options.keptAt, { key, transcript });
      heard.push({ ...told, transcript, error: null });
    } catch (error) {
      if (options.signal.aborted) throw stoppedAfter(heard.length, recordings.length, options.keptAt);
      if (!isSensoriumError(error) || error.code === 'cli.cannot-write') throw error;
      firstError ??= error;
      heard.push({ ...told, transcript: null, error: `${error.code}: ${error.message}` });
    }
    options.onHeard?.(heard.length, recordings.length);
  }
  if (firstError !== undefined && heard.every(({ transcript }) => transcript === null)) throw firstError;
  return heard;
}

async function hear(path: string, { lang }: RecordingItem, { sensorium, signal }: HearingOptions): Promise<Transcript> {
  const request = { media: { kind: 'path', path }, sense: 'hear', language: lang } as const;
  for await (const event of sensorium.perceive(request, signal)) {
    if (event.kind === 'part-perceived' && event.perception.kind === 'transcript') return event.perception;
  }
  throw new SensoriumError('us.bug', 'Nothing was perceived.');
}

function stoppedAfter(done: number, total: number, keptAt: string): SensoriumError {
  return new SensoriumError('kit.cancelled', `Stopped after ${done} of ${total} recordings.`, {
    hint: `What was heard is kept in ${keptAt}: the same command goes on from there.`,
    details: { done, total },
  });
}

async function keyOf(path: string, { lang }: RecordingItem, settings: string): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify([settings, lang ?? null]));
  for await (const bytes of createReadStream(path)) hash.update(bytes);
  return hash.digest('hex');
}

/** A line that was cut off when the last run ended, or comes from another version, is heard again. */
async function readKept(path: string): Promise<Map<string, Transcript>> {
  if (!existsSync(path)) return new Map();
  const lines = (await readFile(path, 'utf8')).split('\n');
  return new Map(
    lines.flatMap((line): [string, Transcript][] => {
      const found = Kept.safeParse(parsed(line));
      return found.success ? [[found.data.key, found.data.transcript]] : [];
    }),
  );
}

async function keep(path: string, one: z.infer<typeof Kept>): Promise<void> {
  await appendFile(path, `\n${JSON.stringify(one)}`, { mode: 0o600 }).catch((cause: unknown) => {
    throw new SensoriumError('cli.cannot-write', `Cannot write ${path}.`, {
      hint: 'What is heard is kept there: put the items into a folder you may write to.',
      cause,
    });
  });
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
