import { readFile } from 'node:fs/promises';
import { throwIfCancelled } from '#kit/abort.ts';
import { wavFormatOf } from '#kit/wav-format.ts';
import { heardStretches } from '#ledger/index.ts';
import type { Sensorium } from '#pipeline/index.ts';
import { randomFrom } from '#score/index.ts';
import type { Dictionary } from '#words/index.ts';
import { fileOf, type Row, readManifest } from '../perceive/manifest.ts';
import { type JudgedUnit, judgedUnits } from './units.ts';

/** A unit heard in a recording of the manifest; `snrDb` is how loud the speech was against noise that was added, `null`: none was. */
export interface RecordedUnit extends JudgedUnit {
  readonly snrDb: number | null;
}

export interface RecordingOptions {
  /** Holds `manifest.jsonl`. */
  readonly folder: string;
  readonly language: string;
  readonly sensorium: Sensorium;
  /** Of Chinese; `null` leaves that signal out. */
  readonly dictionary: Dictionary | null;
  readonly signal: AbortSignal;
  onHeard?(file: string, snrDb: number | null): void;
}

/** Clean recordings have too few errors to learn from; noise brings more, as a real room does. */
const SNRS_DB = [null, 20, 10, 5, 0] as const;

/**
 * Hears people's recordings of one language in a manifest as they are and, where they are 16-bit WAVs, under white noise; a unit's group is
 * its file. Left out are voices that a machine made, broken files, and files made of others.
 */
export async function recordedUnits(options: RecordingOptions): Promise<RecordedUnit[]> {
  const { folder, language, signal, onHeard } = options;
  const units: RecordedUnit[] = [];
  for (const row of (await readManifest(folder)).filter((one) => isRecording(one, language))) {
    const clean = await readFile(fileOf(row, folder));
    for (const snrDb of SNRS_DB) {
      throwIfCancelled(signal);
      const bytes = snrDb === null ? clean : noisy(clean, snrDb);
      if (bytes === null) continue;
      onHeard?.(row.file, snrDb);
      const heard = await unitsHeard(row, bytes, options);
      units.push(...heard.map((unit) => ({ ...unit, snrDb })));
    }
  }
  return units;
}

function isRecording({ modality, lang, text, labels }: Row, language: string): boolean {
  return modality === 'audio' && lang === language && Boolean(text) && !labels?.broken && !labels?.synthetic_voice;
}

async function unitsHeard(
  row: Row,
  bytes: Buffer,
  { sensorium, dictionary, signal }: RecordingOptions,
): Promise<JudgedUnit[]> {
  const language = row.lang ?? undefined;
  const media = { kind: 'bytes', bytes, name: row.file } as const;
  for await (const event of sensorium.perceive({ media, sense: 'hear', language }, signal)) {
    if (event.kind !== 'part-perceived' || event.perception.kind !== 'transcript') continue;
    const { segments, text } = event.perception;
    const stretches = heardStretches(segments, text).map(({ heard }) => heard);
    const said = { reference: row.text ?? '', language: row.lang ?? null, group: row.file };
    return judgedUnits({ stretches, ...said }, dictionary);
  }
  return [];
}

/** A 16-bit WAV with white Gaussian noise, `snrDb` below the mean power of the whole; `null` where it is another kind of file. */
export function noisy(wav: Buffer, snrDb: number): Buffer | null {
  const format = wavFormatOf(wav, true);
  if (format === null || format === 'none' || format.tag !== 1 || format.bitsPerSample !== 16) return null;
  const out = Buffer.from(wav);
  const end = Math.min(wav.length - 1, format.skipBytes + format.dataBytes);
  let power = 0;
  for (let at = format.skipBytes; at < end; at += 2) power += wav.readInt16LE(at) ** 2;
  const scale = Math.sqrt(power / Math.max(1, (end - format.skipBytes) / 2) / 10 ** (snrDb / 10));
  const random = randomFrom(1);
  for (let at = format.skipBytes; at < end; at += 2) {
    // Box and Muller's way from two even numbers to a normal one.
    const noise = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    out.writeInt16LE(Math.max(-32768, Math.min(32767, Math.round(wav.readInt16LE(at) + scale * noise))), at);
  }
  return out;
}
