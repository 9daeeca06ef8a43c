import type { GateCheck } from '#contract/gate.ts';
import type { ModelFingerprint } from '#contract/prompt-vectors.ts';
import { failed, figure, notRun, passed } from './verdict.ts';

/** Below this the sketches are not of one table; the same table in 8 bits is at 0.9999 (research/embedding-route.md, 3.3). */
const NEAR = 0.999;

/** Whether a component was made for this model: the same tokens, the same table or one stored more coarsely, the same scale. */
export function checkIdentity(target: ModelFingerprint, model: ModelFingerprint): GateCheck {
  if (target.width !== model.width) {
    return failed('identity', 'refused', 'EMB_WIDTH', {
      ...{ value: target.width, measured: `width ${target.width}`, threshold: `width ${model.width}` },
      message: `The component is for a model with an input of ${target.width}, this one’s is ${model.width}.`,
      remedy: REMEDY,
    });
  }
  if (differ(target.tokenizerSha256, model.tokenizerSha256)) {
    return failed('identity', 'refused', 'EMB_TOKENIZER_MISMATCH', {
      ...{ measured: short(target.tokenizerSha256), threshold: short(model.tokenizerSha256) },
      message: 'The component was made for another tokenizer.',
      remedy: REMEDY,
    });
  }
  const table = compareTables(target, model);
  if (table?.same === false) {
    return failed('identity', 'refused', 'EMB_TABLE_MISMATCH', {
      ...{ value: table.value, measured: table.measured, threshold: `the same table, or cosine ≥ ${NEAR}` },
      message: `The component was made for another input table (${target.tableType ?? 'unknown'}, here ${model.tableType ?? 'unknown'}).`,
      remedy: REMEDY,
    });
  }
  if (target.scale !== model.scale) {
    return failed('identity', 'refused', 'EMB_SCALE_RULE', {
      ...{ value: target.scale, measured: `× ${figure(target.scale)}`, threshold: `× ${figure(model.scale)}` },
      message: 'The component multiplies its rows by another factor than this model does.',
      remedy: 'Correct `target.scale` in its component.json, or fit it again.',
    });
  }
  if (table === null && (target.tokenizerSha256 === null || model.tokenizerSha256 === null)) {
    return notRun(
      'identity',
      'Neither tokenizer nor table of this model can be seen from outside; its behaviour decides.',
    );
  }
  const engine = target.engine === model.engine ? '' : ` Made with ${target.engine}, served by ${model.engine}.`;
  return passed(
    'identity',
    `Made for this model${table?.near ? ', from the same table stored otherwise' : ''}.${engine}`,
    {
      ...{ measured: table?.measured ?? 'same tokenizer', value: table?.value, threshold: 'same tokenizer and table' },
    },
  );
}

const REMEDY = 'Fit it for this model with `sensorium embed fit`, or use `own-table`, which fits every model.';

function differ(one: string | null, other: string | null): boolean {
  return one !== null && other !== null && one !== other;
}

function short(sha256: string | null): string {
  return sha256 === null ? 'unknown' : `sha256 ${sha256.slice(0, 12)}…`;
}

interface Tables {
  readonly same: boolean;
  readonly near: boolean;
  readonly value?: number | undefined;
  readonly measured: string;
}

/** `null` where there is nothing to compare. */
function compareTables(one: ModelFingerprint, other: ModelFingerprint): Tables | null {
  const known = one.tableSha256 !== null && other.tableSha256 !== null;
  if (known && one.tableSha256 === other.tableSha256) return { same: true, near: false, measured: 'same table' };
  if (one.sketch !== null && other.sketch !== null) {
    const value = sketchCosine(one.sketch, other.sketch);
    const same = value >= NEAR;
    return { same, near: same, value, measured: `cosine ${figure(value)} of the sketches` };
  }
  return known ? { same: false, near: false, measured: short(one.tableSha256) } : null;
}

/** Cosine of two sketches, all their rows in one; -1 where their shapes differ. */
export function sketchCosine(one: readonly (readonly number[])[], other: readonly (readonly number[])[]): number {
  const [a, b] = [one.flat(), other.flat()];
  if (a.length !== b.length || a.length === 0) return -1;
  let [dot, aa, bb] = [0, 0, 0];
  a.forEach((value, at) => {
    const there = b[at] ?? 0;
    dot += value * there;
    aa += value * value;
    bb += there * there;
  });
  return aa * bb === 0 ? -1 : dot / Math.sqrt(aa * bb);
}
