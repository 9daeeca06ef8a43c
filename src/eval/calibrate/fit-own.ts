import {
  type CalibrationProfile,
  type FitOptions,
  type Fitted,
  factoryProfiles,
  fitProfile,
  probabilityOf,
  type Signal,
} from '#ledger/index.ts';
import { type JudgedUnit, rowOf } from './units.ts';

type Options = Omit<FitOptions, 'signals'> & { readonly signals: readonly Signal[] };

/**
 * Fits a profile in two ways: all of it on one's own units, and only the line over the log-odds of each factory profile that
 * fits. The one whose probabilities lose least (log loss) on groups it was not fitted on is taken: a hundred utterances seldom teach a
 * model what thousands have, but always how much there is to doubt. Throws `ledger.too-few-items`.
 */
export function fitOwn(
  units: readonly JudgedUnit[],
  options: Options,
  profiles: readonly CalibrationProfile[] = factoryProfiles(),
): Fitted {
  const own = fitProfile(
    itemsOf(units, (rows) => rowOf(rows, options.signals) ?? []),
    options,
  );
  const fitting = profiles.filter(
    ({ unit, engine, signals }) =>
      unit === options.unit &&
      (engine === null || (options.engine?.includes(engine) ?? false)) &&
      signals.every((signal) => options.signals.includes(signal)),
  );
  const lossOf = ({ probabilities }: Fitted) =>
    units.reduce((sum, { wrong }, at) => sum - Math.log(Math.max(1e-9, chance(probabilities[at] ?? 0, wrong))), 0);
  return [own, ...fitting.map((profile) => onTopOf(profile, units, options))].reduce((best, one) =>
    lossOf(one) < lossOf(best) ? one : best,
  );
}

function chance(probability: number, wrong: boolean): number {
  return wrong ? probability : 1 - probability;
}

/** A factory profile with a line of its own. Its figures are of units that neither the model nor the line has seen. */
function onTopOf(factory: CalibrationProfile, units: readonly JudgedUnit[], options: Options): Fitted {
  const bare = { ...factory, calibration: { slope: 1, offset: 0 } };
  const logOdds = (rows: JudgedUnit['rows']) => {
    const probability = Math.min(1 - 1e-9, Math.max(1e-9, probabilityOf(bare, rowOf(rows, factory.signals) ?? [])));
    return [Math.log(probability / (1 - probability))];
  };
  const fitted = fitProfile(itemsOf(units, logOdds), { ...options, model: 'logistic' });
  const { signals, features, model } = factory;
  const { calibration, model: line, ...figures } = fitted.profile;
  const domain = `${options.domain}, on top of ${factory.id}`.slice(0, 500);
  return {
    ...fitted,
    profile: { ...figures, signals, features, model, domain, calibration: composed(line, calibration) },
  };
}

/** slope · (bias + weight · (x − mean) / scale) + offset, as one line. */
function composed(
  model: CalibrationProfile['model'],
  { slope, offset }: CalibrationProfile['calibration'],
): CalibrationProfile['calibration'] {
  if (model.kind !== 'logistic') throw new Error('A line is fitted by logistic regression.');
  const [weight = 0] = model.weights;
  const [mean = 0] = model.means;
  const [scale = 1] = model.scales;
  return { slope: (slope * weight) / scale, offset: slope * (model.bias - (weight * mean) / scale) + offset };
}

function itemsOf(units: readonly JudgedUnit[], row: (rows: JudgedUnit['rows']) => readonly number[]) {
  return units.map(({ rows, wrong, group }) => ({ row: row(rows), wrong, group }));
}
