export { verbatimMitigation } from './conversion/verbatim.ts';
export { doubtsIn } from './doubts.ts';
export { type Conversion, type Knowledge, type LedgerInput, makeLedger } from './ledger.ts';
export { rareIn } from './model/rare.ts';
export { movedThrough } from './moved.ts';
