export { type Conversion, type LedgerInput, makeLedger } from './ledger.ts';
