export { type Conversion, makeLedger } from './ledger.ts';
