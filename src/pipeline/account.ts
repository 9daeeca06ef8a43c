import type { Ledger } from '#contract/ledger.ts';
import { type LedgerInput, makeLedger } from '#ledger/index.ts';
import type { Trip } from './trip.ts';

/** What a request tells its ledger; who and when it was is known of the trip. */
export type Accounted = Omit<LedgerInput, 'requestId' | 'createdAt' | 'losses'>;

/** Step 7: gives account of what one request lost. */
export async function accountFor(accounted: Accounted, trip: Trip): Promise<Ledger> {
  const { requestId, createdAt, losses } = trip;
  return makeLedger({ ...accounted, requestId, createdAt, losses });
}
