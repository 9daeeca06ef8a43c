export { verbatimMitigation } from './conversion/verbatim.ts';
export { type Conversion, type LedgerInput, makeLedger } from './ledger.ts';
