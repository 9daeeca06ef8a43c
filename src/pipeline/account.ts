import type { Ledger } from '#contract/ledger.ts';
import { textGiven } from '#contract/perception.ts';
import { type Knowledge, type LedgerInput, makeLedger, recordLedger } from '#ledger/index.ts';
import type { Parts } from './parts.ts';
import type { Trip } from './trip.ts';

/** What a request tells its ledger; who and when it was is known of the trip. `asked` is the model that was given the text. */
export interface Accounted extends Omit<LedgerInput, 'requestId' | 'createdAt' | 'losses'> {
  readonly asked: string | null;
}

/** Step 7: gives account of what one request lost, to whoever asked, to telemetry, and to the log where one is kept. */
export async function accountFor({ asked, ...accounted }: Accounted, parts: Parts, trip: Trip): Promise<Ledger> {
  const { requestId, createdAt, losses } = trip;
  const knowledge = await knowledgeFor(accounted, asked, parts, trip.signal);
  const ledger = makeLedger({ ...accounted, requestId, createdAt, losses }, knowledge);
  recordLedger(ledger);
  await parts.ledgerLog?.append(ledger);
  return ledger;
}

/** What the texts of a request need to be known; nothing is opened for a request without any. */
async function knowledgeFor(
  { perceptions }: Pick<Accounted, 'perceptions'>,
  asked: string | null,
  parts: Parts,
  signal: AbortSignal,
): Promise<Knowledge> {
  const converted = perceptions.filter(({ kind }) => kind !== 'plain-text');
  const has = (script: RegExp) => converted.some((perception) => script.test(textGiven(perception)));
  const [dictionary, english, tokens, profile] = await Promise.all([
    has(/\p{Script=Han}/u) ? parts.dictionary(signal) : null,
    has(/[a-z]{2}/i) ? parts.englishSounds(signal) : null,
    asked !== null && converted.length > 0 ? parts.tokens(asked, signal) : null,
    converted.length > 0 ? parts.profile(signal) : null,
  ]);
  return { dictionary, english, tokens, profile };
}
