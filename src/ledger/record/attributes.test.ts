import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { lossOf } from '#contract/loss.ts';
import { found, ledgerOf, mitigationOf, none, spanOf } from '../__fixtures__/ledger.ts';
import { attributesOf, recordLedger } from './attributes.ts';

const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
const contexts = new AsyncLocalStorageContextManager();

beforeAll(() => {
  context.setGlobalContextManager(contexts.enable());
  trace.setGlobalTracerProvider(provider);
});
afterAll(async () => {
  trace.disable();
  context.disable();
  await provider.shutdown();
});

const ledger = ledgerOf({
  spans: [spanOf()],
  conversion: { emotion: none(), cueSurprise: none(), particleSlotsUnfilled: found(2) },
  losses: ['noisy', 'noisy', 'clipped'].map((kind) => lossOf({ kind: kind as 'noisy', stage: 'probe', message: 'x' })),
  mitigations: [
    mitigationOf(),
    mitigationOf({ part: 'part-2' }),
    mitigationOf({ id: 'second-reader', editsProposed: null }),
  ],
});

it('is flat, in OpenTelemetry’s spelling, and names what nobody measured instead of giving it a value', () => {
  expect(attributesOf(ledger)).toMatchObject({
    'sensorium.request.id': 'req_1',
    'sensorium.ledger.verdict.level': 'caution',
    'sensorium.ledger.spans': 1,
    'sensorium.ledger.losses': 3,
    'sensorium.ledger.loss_kinds': ['noisy', 'clipped'],
    'sensorium.ledger.routes': ['text'],
    'sensorium.loss.accuracy.error_rate': 0.01,
    'sensorium.loss.accuracy.error_rate.low': 0,
    'sensorium.loss.accuracy.error_rate.high': 0.03,
    'sensorium.loss.conversion.particle_slots_unfilled': 2,
    'sensorium.mitigation.correction.edits_proposed': 8,
    'sensorium.mitigation.correction.edits_accepted': 6,
    'sensorium.mitigation.second_reader.edits_accepted': 3,
  });
  const attributes = attributesOf(ledger);
  expect(attributes['sensorium.ledger.unmeasured']).toEqual([
    ...['conversion.emotion', 'conversion.cue_surprise', 'conversion.regions_unread', 'conversion.small_print'],
    ...['conversion.layout', 'conversion.time_unseen', 'embedding.compatibility', 'impact'],
  ]);
  expect(attributes).not.toHaveProperty(['sensorium.loss.conversion.emotion']);
  expect(attributes).not.toHaveProperty(['sensorium.mitigation.second_reader.edits_proposed']);
  expect(JSON.stringify(attributes)).not.toMatch(/[抚扶]/u);
});

it('goes onto the span that is active, and nowhere where there is none', () => {
  recordLedger(ledger);
  trace.getTracer('test').startActiveSpan('request', (span) => {
    recordLedger(ledger);
    span.end();
  });
  const [exported] = exporter.getFinishedSpans();
  expect(exporter.getFinishedSpans()).toHaveLength(1);
  expect(exported?.attributes).toEqual(attributesOf(ledger));
});
