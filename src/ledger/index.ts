export { DOUBTFUL_BELOW, isDoubtful } from './doubtful.ts';
export { type Conversion, type LedgerInput, makeLedger } from './ledger.ts';
