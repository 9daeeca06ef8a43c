import { isSensoriumError } from '#contract/error.ts';
import type { Loss } from '#contract/loss.ts';
import type { Perception } from '#contract/perception.ts';
import type { Sensorium } from '#pipeline/index.ts';
import {
  type ContentOptions,
  type Score,
  scoreText,
  scoreVerbatim,
  type Unit,
  unitFor,
  unitsOf,
  type VerbatimScore,
} from '#score/index.ts';
import { fileOf, isUnchanged, type Row } from './manifest.ts';

/**
 * What came of one file. `scored`: compared with its text. `empty-right` and `invented`: nothing was to be found. `refused-right`: a broken
 * file was refused. `skipped` and `failed` say why.
 */
export interface RowResult {
  readonly file: string;
  readonly modality: Row['modality'];
  readonly lang: string | null;
  readonly outcome: 'scored' | 'empty-right' | 'invented' | 'refused-right' | 'skipped' | 'failed';
  readonly reason: string | null;
  readonly engine: string | null;
  readonly language: string | null;
  readonly text: string | null;
  readonly content: Score | null;
  readonly verbatim: Score | null;
  /** Ways the right text may be written. */
  readonly references: readonly string[];
  /** Particles and fillers (语气词, um) that were said, and how many of them were written where they were said. */
  readonly particles: { readonly said: number; readonly written: number };
  /** What tidy transcripts leave out, by class; `null` of what was not heard. */
  readonly wordForWord: VerbatimScore | null;
  /** Words, or characters, where there should be none. */
  readonly invented: number;
  readonly seconds: number | null;
  readonly durationSeconds: number | null;
  readonly losses: readonly Loss['kind'][];
}

type Told = Pick<RowResult, 'file' | 'modality' | 'lang'>;

/** Turns the file of a row into text as a user would, and compares it. `declare` tells the recogniser the language of the row. */
export async function evaluateRow(
  row: Row,
  folder: string,
  sensorium: Sensorium,
  { declare, signal }: { readonly declare: boolean; readonly signal: AbortSignal },
): Promise<RowResult> {
  const told = { file: row.file, modality: row.modality, lang: row.lang ?? null };
  const reason = whyNot(row);
  if (reason !== null) return { ...nothing(told), outcome: 'skipped', reason };
  const path = fileOf(row, folder);
  const unchanged = await isUnchanged(row, path).catch(() => null);
  if (unchanged === false) return { ...nothing(told), outcome: 'failed', reason: 'the file is not the one of its row' };

  const losses: Loss['kind'][] = [];
  const started = performance.now();
  try {
    const language = declare && /^[a-z]{2,3}$/.test(row.lang ?? '') && row.lang !== 'none' ? row.lang : undefined;
    const sense =
      row.modality === 'audio' || row.modality === 'video' ? 'hear' : row.modality === 'image' ? 'see' : 'read';
    let perception: Perception | null = null;
    const request = { media: { kind: 'path', path }, sense, language: language ?? undefined } as const;
    for await (const event of sensorium.perceive(request, signal)) {
      if (event.kind === 'loss-noted') losses.push(event.loss.kind);
      if (event.kind === 'part-perceived') perception = event.perception;
    }
    const seconds = (performance.now() - started) / 1000;
    if (perception === null) throw new Error('Nothing was perceived.');
    return { ...nothing(told), ...(await compared(row, perception)), seconds, losses };
  } catch (error) {
    if (signal.aborted || !isSensoriumError(error)) throw error;
    const isExpected = /error|refus/i.test(String(row.labels?.expect ?? ''));
    const why = `${error.code}: ${error.message}`;
    return { ...nothing(told), outcome: isExpected ? 'refused-right' : 'failed', reason: why, losses };
  }
}

function whyNot({ modality, text, labels }: Row): string | null {
  if (modality === 'text') return 'text needs no turning into text';
  if ((text === null || text === undefined) && !labels?.broken) return 'nobody has written down what is in it';
  return null;
}

function nothing(told: Told): Omit<RowResult, 'outcome'> {
  return {
    ...told,
    ...{ reason: null, engine: null, language: null, text: null, content: null, verbatim: null, references: [] },
    particles: { said: 0, written: 0 },
    wordForWord: null,
    ...{ invented: 0, seconds: null, durationSeconds: null, losses: [] },
  };
}

async function compared(row: Row, perception: Perception): Promise<Partial<RowResult> & Pick<RowResult, 'outcome'>> {
  const text = writtenIn(perception);
  const transcript = perception.kind === 'transcript' ? perception : null;
  const about = {
    text,
    engine: 'engine' in perception ? perception.engine : null,
    language: transcript?.language ?? null,
    durationSeconds: transcript ? transcript.durationMs / 1000 : null,
  };
  const isWriting = row.modality === 'image' || row.modality === 'document';
  const unit: Unit = isWriting ? 'character' : unitFor(row.lang ?? null);
  const forgiving: ContentOptions = { language: row.lang, numbers: isWriting ? 'written' : 'spoken' };
  if (row.text === null || row.text === undefined) {
    return { ...about, outcome: 'failed', reason: 'it is broken, and something was found in it' };
  }
  if (row.text === '') {
    const invented = (await unitsOf(text, unit, 'content', forgiving)).length;
    return { ...about, outcome: invented === 0 ? 'empty-right' : 'invented', invented };
  }
  const spoken = row.labels?.normalized_text;
  const references = [row.text, ...(typeof spoken === 'string' ? [spoken] : [])];
  return {
    ...about,
    outcome: 'scored',
    references,
    ...(transcript ? wordForWord(row.text, text, unit, row.lang ?? null) : {}),
    content: await scoreText(references, text, unit, 'content', forgiving),
    verbatim: await scoreText(references, text, unit, 'verbatim'),
  };
}

function wordForWord(reference: string, text: string, unit: Unit, language: string | null) {
  const score = scoreVerbatim(reference, text, { unit, language });
  const { particles, fillers } = score;
  return {
    wordForWord: score,
    particles: { said: particles.said + fillers.said, written: particles.kept + fillers.kept },
  };
}

/** What was found in it, without what is told about it: of a picture its writing, line by line. */
function writtenIn(perception: Perception): string {
  return perception.kind === 'picture' ? perception.lines.map(({ text }) => text).join('\n') : perception.text;
}
