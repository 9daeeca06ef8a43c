import { FAILURES, type Failure } from './cases.ts';
import type { Result } from './checks.ts';

/** Counts what a run has met, so that a check that looked at nothing can be told from one that holds. */
export interface Seen {
  note(failure: Failure, result: Result): void;
  /** One line for each thing counted. */
  table(): string;
  /** What should have been met and never was. */
  missing(stream: boolean): string[];
}

/** What each failure must have led to at least once: the code of an error, the kind of a loss, or nobody to tell. */
const EXPECTED: Readonly<Record<Failure, string>> = {
  none: 'answered',
  'media: disk full': 'kit.disk-full',
  'media: no decoder': 'media.decoder-missing',
  'media: raw error': 'us.bug',
  'media: too large': 'media.too-large',
  'media: too long': 'media.too-long',
  'media: time out': 'pipeline.timed-out',
  'probe: no detector': 'models.unreachable',
  'probe: raw error': 'us.bug',
  'probe: sound breaks': 'media.broken',
  'probe: time out': 'pipeline.timed-out',
  'perceive: no recogniser': 'models.offline',
  'perceive: raw error': 'us.bug',
  'perceive: process died': 'runtime.worker-died',
  'perceive: gives nothing': 'speech-without-words',
  'perceive: invents': 'improbable-text',
  'perceive: goes round': 'repetition',
  'perceive: doubts': 'doubtful-word',
  'perceive: time out': 'pipeline.timed-out',
  'ask: no weights': 'models.checksum-mismatch',
  'ask: warming fails': 'ask.model-unusable',
  'ask: unknown model': 'ask.unknown-model',
  'ask: raw error': 'us.bug',
  'ask: process died': 'runtime.worker-died',
  'ask: no answer': 'us.bug',
  'ask: cancelled': 'kit.cancelled',
  'ask: time out': 'pipeline.timed-out',
  'ask: upstream 401': 'ask.key-refused',
  'ask: upstream 429': 'ask.rate-limited',
  'ask: upstream 400': 'ask.refused',
  'ask: upstream cut': 'ask.upstream-failed',
  'ask: upstream error in stream': 'ask.upstream-failed',
  'ask: upstream refuses an option': 'option-ignored',
  'speak: no engine': 'models.disk-full',
  'speak: dies at once': 'speech-failed',
  'speak: dies later': 'speech-failed',
  'speak: raw error': 'speech-failed',
  'speak: nothing to say': 'not-spoken',
  'speak: cannot pronounce': 'not-pronounced',
  'speak: time out': 'pipeline.timed-out',
  'gone: at once': 'gone',
  'gone: media-taken': 'gone',
  'gone: plan-made': 'gone',
  'gone: text-delta': 'gone',
  'gone: speech-chunk': 'gone',
};

const FATES = [
  'fate in an answer: native',
  'fate in an answer: text',
  'fate in an answer: dropped',
  'fate in an error: native',
  'fate in an error: text',
  'fate in an error: dropped',
  'fate in an error: not-reached',
];
const MEDIA = ['audio', 'image', 'video', 'document', 'text'].map((kind) => `kind: ${kind}`);
const REFUSALS = [
  'ask.no-question',
  'hear.language-unsupported',
  'ledger.loss-forbidden',
  'media.broken',
  'media.empty',
  'media.unsupported',
  'media.url-failed',
  'media.url-refused',
  'plan.no-route',
  'server.bad-request',
  'speak.unknown-voice',
].map((code) => `error: ${code}`);
const LOSSES = [
  'clipped (probe)',
  'invalid-samples (probe)',
  'media-dropped (plan)',
  'no-speech (perceive)',
  'option-ignored (ask)',
  'option-ignored (plan)',
  'option-ignored (speak)',
  'text-truncated (ask)',
  'truncated (media)',
].map((loss) => `loss: ${loss}`);

export function openSeen(): Seen {
  const counts = new Map<string, number>();
  const count = (name: string) => counts.set(name, (counts.get(name) ?? 0) + 1);
  return {
    note(failure, result) {
      count(`result: ${result.kind}`);
      count(`failure: ${failure}`);
      if (result.kind === 'gone') count(`${failure} → gone`);
      else if ('error' in result) {
        const { code, parts } = result.error.sensorium;
        count(`error: ${code}`);
        if (parts.length === 0 && code === 'server.bad-request') count('refused before its parts were known');
        if (code === EXPECTED[failure]) count(`${failure} → ${code}`);
        for (const { fate } of parts) count(`fate in an error: ${fate}`);
      } else {
        const { plan, ledger } = result.sensorium;
        if (failure === 'none') count(`${failure} → answered`);
        for (const { route, kind } of plan) {
          count(`fate in an answer: ${route === 'none' ? 'dropped' : route}`);
          count(`kind: ${kind}`);
        }
        for (const { kind, stage } of ledger.losses) {
          count(`loss: ${kind} (${stage})`);
          if (kind === EXPECTED[failure]) count(`${failure} → ${kind}`);
        }
      }
    },
    table() {
      const rows = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
      return rows.map(([name, times]) => `${String(times).padStart(7)}  ${name}`).join('\n');
    },
    missing(stream) {
      const results = stream ? ['streamed answer', 'error in a stream'] : ['answer'];
      const wanted = [
        ...[...results, 'error', 'gone'].map((kind) => `result: ${kind}`),
        ...FAILURES.map((failure) => `${failure} → ${EXPECTED[failure]}`),
        ...['refused before its parts were known', ...FATES, ...MEDIA, ...REFUSALS, ...LOSSES],
      ];
      return wanted.filter((name) => !counts.has(name));
    },
  };
}
