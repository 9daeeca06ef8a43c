export {
  eceOf,
  type Ranking,
  type ReliabilityBin,
  rankerOf,
  rankingOf,
  reliabilityOf,
  type Scored,
} from './accuracy/curves.ts';
export { factoryProfiles } from './accuracy/factory.ts';
export { FEWEST_ERRORS, type FitOptions, type Fitted, fitProfile, type LabelledItem } from './accuracy/fit.ts';
export {
  CalibrationProfile,
  loadProfile,
  type ProfileUnit,
  probabilityOf,
  profileFrom,
} from './accuracy/profile.ts';
export { type ReliabilityFigures, reliabilitySvg } from './accuracy/reliability-svg.ts';
export { type Heard, rowsOf, type Signal, type Signalled, signalsOf } from './accuracy/signals.ts';
export { type HeardStretch, heardStretches } from './accuracy/stretches.ts';
export { type Unit, unitsOf } from './accuracy/units.ts';
export { wrongUnits } from './accuracy/wrong-units.ts';
export { verbatimMitigation } from './conversion/verbatim.ts';
export { doubtsIn } from './doubts.ts';
export type { GivenVectors } from './embedding.ts';
export { type Conversion, type Knowledge, type LedgerInput, makeLedger } from './ledger.ts';
export { rareIn } from './model/rare.ts';
export { movedThrough } from './moved.ts';
export { attributesOf, recordLedger } from './record/attributes.ts';
export { type ChangedFigure, changedStats, compareLedgers, type LedgerDifference } from './record/compare.ts';
export { type Figure, figuresOf } from './record/figures.ts';
export { type GivenText, ledgerHtml } from './record/html.ts';
export { type LedgerLog, openLedgerLog } from './record/log.ts';
export { piecesOf } from './record/pieces.ts';
export { type Entry, ledgersIn } from './record/read.ts';
export { redact } from './record/redact.ts';
export { type LedgerStats, ledgerStats } from './record/stats.ts';
export { type Problem, validateLedger } from './record/validate.ts';
export { transcriptIn } from './transcripts.ts';
export { unmeasured } from './unmeasured.ts';
