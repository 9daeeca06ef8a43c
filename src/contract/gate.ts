import { z } from 'zod';
import { Interval } from './ledger.ts';
import { GateCalibration, ModelFingerprint } from './prompt-vectors.ts';

/** Why vectors may not go into a model, or are looked at twice. */
export const GateCode = z.enum([
  'EMB_SERVER_UNSUPPORTED',
  'EMB_SERVER_FLAG_OFF',
  'EMB_SERVER_UNSAFE_VERSION',
  'EMB_ENGINE_ABI',
  'EMB_SHAPE',
  'EMB_WIDTH',
  'EMB_NOT_FINITE',
  'EMB_TOO_LARGE',
  'EMB_TOKENIZER_MISMATCH',
  'EMB_TABLE_MISMATCH',
  'EMB_SCALE_RULE',
  'EMB_ROUNDTRIP',
  'EMB_NEEDS_TOKEN_IDS',
  'EMB_OUT_OF_RANGE',
  'EMB_NO_INFORMATION',
  'EMB_TOO_FEW_ITEMS',
  'EMB_WORSE_THAN_TEXT',
  'EMB_CHANGED',
]);
export type GateCode = z.infer<typeof GateCode>;

/**
 * One check of the gate. `measured` and `threshold` are in words a person can compare (`t 1.7`, `t ≥ 5`); `value` is the figure.
 * A check that was not `passed` has a code and says what would help.
 */
export const GateCheck = z.object({
  check: z.enum(['server', 'wire', 'identity', 'round-trip', 'drift', 'behaviour', 'usefulness', 'live']),
  outcome: z.enum(['passed', 'warned', 'refused', 'not-run']),
  code: GateCode.nullable(),
  value: z.number().nullable(),
  measured: z.string().nullable(),
  threshold: z.string().nullable(),
  message: z.string(),
  remedy: z.string().nullable(),
});
export type GateCheck = z.infer<typeof GateCheck>;

/** `experimental` must be opted in to; only `usable` and better is ever chosen by itself, and only where text is not better. */
export const GateGrade = z.enum(['refused', 'experimental', 'usable', 'text-equivalent']);
export type GateGrade = z.infer<typeof GateGrade>;

/**
 * What the gate found of one component before one model. `information` is the share of what a text tells the model that these
 * vectors tell it (1: as much as text, 0: nothing), over `items`; `t` of its gain. `againstText` is that share minus the text
 * route’s own on the same items. `fallback` is the route taken where it is refused.
 */
export const GateReport = z.object({
  schema: z.literal('embedding-gate/1'),
  createdAt: z.iso.datetime(),
  component: z.string(),
  model: z.string(),
  fingerprint: ModelFingerprint.nullable(),
  checks: z.array(GateCheck),
  items: z.number().int().nonnegative(),
  t: z.number().nullable(),
  information: Interval,
  againstText: Interval,
  grade: GateGrade,
  fallback: z.literal('text'),
  calibration: GateCalibration.nullable(),
});
export type GateReport = z.infer<typeof GateReport>;
