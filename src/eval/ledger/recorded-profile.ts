import { type CalibrationProfile, fitProfile, type Signal } from '#ledger/index.ts';
import type { Dictionary } from '#words/index.ts';
import { itemsOf, judgedOf } from './judged.ts';
import { readRecorded } from './recorded.ts';

/** A profile for Chinese characters fitted on the recorded AISHELL-1 hypotheses of a folder; `null` where they are not there. */
export async function recordedProfile(
  folder: string,
  dictionary: Dictionary,
  signals: readonly Signal[],
  id: string,
): Promise<CalibrationProfile | null> {
  const utterances = (await readRecorded(folder).catch(() => null))?.get('aishell1');
  const [second] = Object.keys(utterances?.[0]?.readers ?? {});
  if (!utterances || second === undefined) return null;
  const items = utterances.flatMap((one) => itemsOf(judgedOf(one, second, undefined, dictionary), signals));
  const domain = `one WeNet U2++ recogniser on ${utterances.length} sentences of read Mandarin (AISHELL-1 test)`;
  return fitProfile(items, { id, unit: 'han', signals, domain, date: new Date('2026-11-26') }).profile;
}
