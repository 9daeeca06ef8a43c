import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { PipelineEvent } from '#contract/events.ts';
import type { Admission } from '../load/admission.ts';
import { ledgerMetrics } from './ledger-metrics.ts';

/** What is counted and measured, for Prometheus. No label holds anything a caller chose. */
export interface Metrics {
  readonly contentType: string;
  /** All figures in Prometheus’s text format. */
  text(): Promise<string>;
  /** A request came to its end: which route, which status, how long. */
  answered(route: string, status: number, durationMs: number): void;
  /** What happened inside a request. */
  happened(event: PipelineEvent): void;
}

const STAGE_SECONDS = [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800];

/** What a model process is doing. */
interface ModelProcess {
  readonly name: string;
  readonly busy: boolean;
  readonly waiting: number;
  readonly deaths: number;
}

/** Opens the figures; `admission` and `processes` are looked at when they are read. */
export function openMetrics(
  admission: Pick<Admission, 'running' | 'bodiesBytes'>,
  processes: () => readonly ModelProcess[] = () => [],
): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const requests = new Histogram({
    name: 'sensorium_request_seconds',
    help: 'Requests by route and status: how many, and how long each took until its last byte',
    labelNames: ['route', 'status'] as const,
    buckets: STAGE_SECONDS,
    registers,
  });
  const stages = new Histogram({
    name: 'sensorium_stage_seconds',
    help: 'How long each stage of a request took',
    labelNames: ['stage'] as const,
    buckets: STAGE_SECONDS,
    registers,
  });
  const firsts = new Histogram({
    name: 'sensorium_first_seconds',
    help: 'From the start of a request to the first token of its answer, and to its first sound',
    labelNames: ['of'] as const,
    buckets: STAGE_SECONDS,
    registers,
  });
  const losses = new Counter({
    name: 'sensorium_losses_total',
    help: 'Losses noted, by kind and stage',
    labelNames: ['kind', 'stage'] as const,
    registers,
  });
  const routes = new Counter({
    name: 'sensorium_media_parts_total',
    help: 'Media parts by kind and the way in they took',
    labelNames: ['kind', 'route'] as const,
    registers,
  });
  const ledgers = ledgerMetrics(registry);
  const tokens = new Counter({
    name: 'sensorium_tokens_total',
    help: 'Tokens of the language models, as whoever ran them counted',
    labelNames: ['direction'] as const,
    registers,
  });
  new Gauge({
    name: 'sensorium_requests_running',
    help: 'Requests being worked on',
    registers,
    collect() {
      this.set(admission.running);
    },
  });
  new Gauge({
    name: 'sensorium_bodies_bytes',
    help: 'Bytes of the bodies of running requests',
    registers,
    collect() {
      this.set(admission.bodiesBytes);
    },
  });

  const ofModels = (name: string, help: string, of: (process: ModelProcess) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ['model'] as const,
      registers,
      collect() {
        this.reset();
        for (const process of processes()) this.inc({ model: process.name }, of(process));
      },
    });
  ofModels('sensorium_model_busy', 'Model processes at work', ({ busy }) => (busy ? 1 : 0));
  ofModels('sensorium_model_waiting', 'Calls that wait for a model', ({ waiting }) => waiting);
  ofModels('sensorium_model_deaths', 'Times a model’s process ended without being told to', ({ deaths }) => deaths);

  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    answered: (route, status, durationMs) => requests.observe({ route, status }, durationMs / 1000),
    happened(event) {
      switch (event.kind) {
        case 'stage-end':
          return stages.observe({ stage: event.stage }, event.durationMs / 1000);
        case 'loss-noted':
          return losses.inc({ kind: event.loss.kind, stage: event.loss.stage });
        case 'plan-made':
          for (const { kind, route } of event.plan) routes.inc({ kind, route });
          return;
        case 'ledger-made':
          return ledgers.made(event.ledger);
        case 'report-made': {
          const { answer, timings, ledger } = event.report;
          ledgers.made(ledger);
          if (timings.firstTokenMs !== null) firsts.observe({ of: 'token' }, timings.firstTokenMs / 1000);
          if (timings.firstAudioMs !== null) firsts.observe({ of: 'sound' }, timings.firstAudioMs / 1000);
          if (!answer.usage) return;
          tokens.inc({ direction: 'in' }, answer.usage.inputTokens);
          tokens.inc({ direction: 'out' }, answer.usage.outputTokens);
        }
      }
    },
  };
}
