import type { Logger } from 'pino';
import type { LoadedConfig } from '#config/index.ts';
import type { Sensorium } from '#pipeline/index.ts';
import type { SpokenAnswers } from './chat/spoken-answers.ts';
import type { GateParts } from './guard/gate.ts';
import type { Replays } from './load/idempotency.ts';
import type { WordsLog } from './observe/log.ts';
import type { Metrics } from './observe/metrics.ts';

/** What the routes work with. Made once, when the server starts. */
export interface Service {
  readonly sensorium: Sensorium;
  readonly config: LoadedConfig['config'];
  readonly version: string;
  readonly gate: GateParts;
  readonly replays: Replays;
  readonly spoken: SpokenAnswers;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly words: WordsLog;
}
