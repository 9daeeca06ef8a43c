export {
  eceOf,
  type Ranking,
  type ReliabilityBin,
  rankingOf,
  reliabilityOf,
  type Scored,
} from './accuracy/curves.ts';
export { type FitOptions, type Fitted, fitProfile, type LabelledItem } from './accuracy/fit.ts';
export {
  CalibrationProfile,
  loadProfile,
  type ProfileUnit,
  probabilityOf,
  profileFrom,
} from './accuracy/profile.ts';
export { featuresOf, type Heard, rowsOf, type Signal, type Signalled, signalsOf } from './accuracy/signals.ts';
export { type Unit, unitsOf } from './accuracy/units.ts';
export { verbatimMitigation } from './conversion/verbatim.ts';
export { doubtsIn } from './doubts.ts';
export { type Conversion, type Knowledge, type LedgerInput, makeLedger } from './ledger.ts';
export { rareIn } from './model/rare.ts';
export { movedThrough } from './moved.ts';
