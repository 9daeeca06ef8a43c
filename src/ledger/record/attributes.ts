import { type Attributes, trace } from '@opentelemetry/api';
import type { Ledger } from '#contract/ledger.ts';
import { figuresOf } from './figures.ts';
import { redact } from './redact.ts';

/**
 * A ledger as flat attributes for telemetry, without any words of the user: `sensorium.ledger.verdict.level`,
 * `sensorium.loss.accuracy.error_rate`, … A figure nobody measured has no attribute; its name is in `sensorium.ledger.unmeasured`.
 */
export function attributesOf(ledger: Ledger): Attributes {
  const { requestId, routes, spans, spansSummarised, loss, losses, mitigations, calibration, verdict } = redact(ledger);
  const attributes: Attributes = {
    'sensorium.request.id': requestId,
    'sensorium.ledger.schema': ledger.schema,
    'sensorium.ledger.verdict.level': verdict.level,
    'sensorium.ledger.verdict.headline': verdict.headline,
    'sensorium.ledger.calibration.profile': calibration.profile,
    'sensorium.ledger.spans': spans.length + spansSummarised,
    'sensorium.ledger.losses': losses.length,
    'sensorium.ledger.loss_kinds': [...new Set(losses.map(({ kind }) => kind))],
    'sensorium.ledger.routes': [...new Set(routes.map(({ chosen }) => chosen))],
    'sensorium.loss.accuracy.hallucination_signals': loss.accuracy.hallucinationSignals,
  };
  const unmeasured: string[] = [];
  for (const { group, name, value, low, high } of figuresOf({ loss, impact: ledger.impact })) {
    const key = `${group === 'request' ? '' : `${group}.`}${snakeCase(name)}`;
    if (value === null) {
      unmeasured.push(key);
      continue;
    }
    attributes[`sensorium.loss.${key}`] = value;
    if (low !== null) attributes[`sensorium.loss.${key}.low`] = low;
    if (high !== null) attributes[`sensorium.loss.${key}.high`] = high;
  }
  attributes['sensorium.ledger.unmeasured'] = unmeasured;
  for (const { id, editsProposed, editsAccepted } of mitigations) {
    const name = `sensorium.mitigation.${snakeCase(id)}`;
    add(attributes, `${name}.edits_proposed`, editsProposed);
    add(attributes, `${name}.edits_accepted`, editsAccepted);
  }
  return attributes;
}

/** Writes a ledger onto the active span, where this process is traced; without an OpenTelemetry SDK it does nothing. */
export function recordLedger(ledger: Ledger): void {
  const span = trace.getActiveSpan();
  if (span?.isRecording()) span.setAttributes(attributesOf(ledger));
}

function add(attributes: Attributes, name: string, count: number | null): void {
  if (count === null) return;
  const before = attributes[name];
  attributes[name] = (typeof before === 'number' ? before : 0) + count;
}

/** `errorRate` as `error_rate`, `second-reader` as `second_reader`, as OpenTelemetry spells names. */
function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).replaceAll('-', '_');
}
