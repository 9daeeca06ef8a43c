export { verbatimMitigation } from './conversion/verbatim.ts';
export { type Conversion, type Knowledge, type LedgerInput, makeLedger } from './ledger.ts';
