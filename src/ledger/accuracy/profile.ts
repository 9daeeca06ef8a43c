import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import { SensoriumError } from '#contract/error.ts';
import { Logistic, scoreByLogistic } from './logistic.ts';
import { featuresOf, SIGNALS } from './signals.ts';
import { scoreByTrees, Trees } from './trees.ts';

/** What a probability is of: a Chinese character that was heard, or a word of another script. What was read has no profiles: see docs/decisions/2026-11-26-calibration.md. */
export const ProfileUnit = z.enum(['han', 'word']);
export type ProfileUnit = z.infer<typeof ProfileUnit>;

/**
 * How signals become the probability that a unit is wrong: which signals, a model over them, and a line through its log-odds (Platt
 * scaling). The figures say how well it did on units it was not fitted on, by whole groups (speakers). `spread` is the standard
 * deviation of the groups' true error rate around the expected one, as a share of it, beyond chance; `clustering`: how many times the variance of
 * the errors in 150 units in a row is that of errors that each fall alone.
 */
export const CalibrationProfile = z.object({
  schema: z.literal('calibration-profile/1'),
  id: z.string().min(1).max(200),
  unit: ProfileUnit,
  /** Only for texts of engines whose name has this in it: their confidence is like no other's. `null`: for all. */
  engine: z.string().min(1).max(200).nullable(),
  /** What a text must have to be judged by it; the rows it reads are those signals side by side. */
  signals: z.array(z.enum(SIGNALS)).min(1).max(SIGNALS.length),
  /** The names of the columns, so that a profile of another version is never read with others. */
  features: z.array(z.string().max(100)).min(1).max(200),
  model: z.discriminatedUnion('kind', [Trees, Logistic]),
  calibration: z.object({ slope: z.number().finite(), offset: z.number().finite() }),
  items: z.number().int().positive(),
  errors: z.number().int().nonnegative(),
  groups: z.number().int().positive(),
  auroc: z.number().min(0).max(1),
  ap: z.number().min(0).max(1),
  recallAtP60: z.number().min(0).max(1),
  ece: z.number().min(0).max(1),
  spread: z.number().nonnegative(),
  clustering: z.number().min(1),
  /** What it was fitted on, in a few words. */
  domain: z.string().max(500),
  /** ISO date of the fit. */
  date: z.iso.date(),
});
export type CalibrationProfile = z.infer<typeof CalibrationProfile>;

/** A profile has some hundred kilobytes. */
const MOST_BYTES = 8_000_000;

/** Reads a profile that `sensorium calibrate` wrote. Throws `ledger.profile-unusable`. */
export async function loadProfile(path: string): Promise<CalibrationProfile> {
  try {
    const { size } = await stat(path);
    if (size > MOST_BYTES) throw new Error(`it has ${size} bytes, no profile has more than ${MOST_BYTES}`);
    return profileFrom(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : (cause as Error).message;
    throw new SensoriumError('ledger.profile-unusable', `The calibration profile ${path} cannot be used: ${why}`, {
      hint: 'Make it again with `sensorium calibrate`, or leave the setting out: the factory profiles are used then.',
      cause,
    });
  }
}

/** Checks a profile: its shape, and that it was made for the columns there are. Throws what zod throws, or `Error`. */
export function profileFrom(json: unknown): CalibrationProfile {
  const profile = CalibrationProfile.parse(json);
  const { model, features, signals } = profile;
  if (features.join() !== featuresOf(signals).join())
    throw new Error('it was made for other columns than there are now');
  const fits =
    model.kind === 'trees'
      ? model.trees.every((tree) => tree.features.every((feature) => feature < features.length))
      : [model.weights, model.means, model.scales].every(({ length }) => length === features.length);
  if (!fits) throw new Error('its model does not fit its columns');
  return profile;
}

/** The probability that a unit is wrong, from its row of the profile's signals (`rowsOf(signalled, profile.signals)`); `NaN` in it is unknown, never 0. */
export function probabilityOf({ model, calibration }: CalibrationProfile, row: readonly number[]): number {
  const score = model.kind === 'trees' ? scoreByTrees(model, row) : scoreByLogistic(model, row);
  return 1 / (1 + Math.exp(-(calibration.slope * score + calibration.offset)));
}
