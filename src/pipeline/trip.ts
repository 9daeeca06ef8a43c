import { SensoriumError } from '#contract/error.ts';
import type { PipelineEvent } from '#contract/events.ts';
import type { Fate } from '#contract/fate.ts';
import type { Loss } from '#contract/loss.ts';
import type { CallContext } from '#contract/ports.ts';
import type { Stage, Timings } from '#contract/report.ts';
import { channel } from '#kit/channel.ts';
import { stopwatch } from '#kit/clock.ts';
import { newRequestId } from '#kit/ids.ts';

/** What one request carries along its path: how to stop it, what it has said and lost so far, and how long it took. */
export interface Trip {
  readonly requestId: string;
  readonly createdAt: Date;
  readonly signal: AbortSignal;
  /** Handed to every port the request meets; a loss noted there is announced and kept. */
  readonly context: CallContext;
  readonly losses: readonly Loss[];
  readonly timings: { -readonly [name in keyof Timings]: Timings[name] };
  /** What has become of each media part so far; goes along with the answer or the error. */
  readonly fates: Map<string, Fate>;
  emit(event: PipelineEvent): void;
  /** Waits while the reader is far behind. */
  room(): Promise<void>;
  elapsedMs(): number;
  /** Runs one stage: announces how long it took, and ends the trip when it takes longer than it may. */
  stage<T>(stage: Stage, work: () => Promise<T>): Promise<T>;
}

export interface TravelOptions {
  readonly requestId?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Ends the request at the first loss instead of going on without what was lost. */
  readonly forbidLoss?: boolean | undefined;
  /** Longest time of each stage, in seconds. */
  readonly timeouts?: Readonly<Record<Stage, number>> | undefined;
}

/** Whoever is told what happens, at once and in order. */
export interface Listener {
  hear(event: PipelineEvent): void;
  /** Resolves when more can be taken in. */
  room(): Promise<void>;
}

/**
 * Runs a story (the steps of one kind of request) to its end. `stop` is the request's own: it ends the story, and the story
 * fires it when a stage takes too long or a loss is not allowed. Throws what the story throws, each media part named with
 * its fate.
 */
export async function tell(
  story: (trip: Trip) => Promise<void>,
  listener: Listener,
  stop: AbortController,
  { requestId = newRequestId(), forbidLoss, timeouts }: Omit<TravelOptions, 'signal'> = {},
): Promise<void> {
  const { signal } = stop;
  const losses: Loss[] = [];
  const fates = new Map<string, Fate>();
  const elapsedMs = stopwatch();
  let ended: SensoriumError | null = null;
  const end = (error: SensoriumError) => {
    ended ??= error;
    stop.abort(error);
  };

  const trip: Trip = {
    requestId,
    createdAt: new Date(),
    signal,
    context: {
      signal,
      note(loss) {
        losses.push(loss);
        listener.hear({ kind: 'loss-noted', loss });
        if (forbidLoss) end(forbidden(loss));
      },
    },
    losses,
    timings: { mediaMs: null, probeMs: null, perceiveMs: null, firstTokenMs: null, firstAudioMs: null, totalMs: 0 },
    fates,
    emit: (event) => listener.hear(event),
    room: () => listener.room(),
    elapsedMs,
    async stage(stage, work) {
      const startedMs = performance.now();
      const mostMs = (timeouts?.[stage] ?? 0) * 1000;
      const timer = mostMs > 0 ? setTimeout(() => end(timedOut(stage, mostMs)), mostMs) : undefined;
      try {
        return await work();
      } finally {
        clearTimeout(timer);
        listener.hear({ kind: 'stage-end', stage, durationMs: performance.now() - startedMs });
      }
    },
  };
  try {
    await story(trip);
  } catch (error) {
    throw withFates(ended ?? error, fates);
  }
  // A loss that nothing could be stopped for still forbids the answer.
  if (ended) throw withFates(ended, fates);
}

/** Events that may lie unread before whoever makes sound has to wait: one of them may be half a minute, three megabytes. */
const MOST_UNREAD = 8;

/**
 * Runs a story and gives its events as they happen. A story that throws ends the stream with that error; leaving the
 * stream early or firing the signal stops the story, and the stream ends only when the story has let go of everything.
 */
export async function* travel(
  story: (trip: Trip) => Promise<void>,
  { signal: outer, ...options }: TravelOptions = {},
): AsyncGenerator<PipelineEvent> {
  const stop = new AbortController();
  const leave = () => stop.abort(outer?.reason);
  if (outer?.aborted) leave();
  else outer?.addEventListener('abort', leave, { once: true });
  const events = channel<PipelineEvent>();
  const listener = { hear: events.push, room: () => events.room(MOST_UNREAD) };
  const told = tell(story, listener, stop, options).then(events.end, events.fail);
  try {
    yield* events;
  } finally {
    stop.abort();
    // Whoever waits for room would wait for ever.
    events.end();
    outer?.removeEventListener('abort', leave);
    await told;
  }
}

function withFates(error: unknown, fates: Trip['fates']): unknown {
  if (fates.size > 0 && error instanceof Error) Object.assign(error, { fates: [...fates.values()] });
  return error;
}

function forbidden(loss: Loss): SensoriumError {
  return new SensoriumError('ledger.loss-forbidden', `No loss is allowed, and there is one: ${loss.message}`, {
    hint: 'Send what the model takes itself, or allow losses and read the ledger.',
    details: { kind: loss.kind, stage: loss.stage, ...(loss.part === null ? {} : { part: loss.part }) },
  });
}

function timedOut(stage: Stage, mostMs: number): SensoriumError {
  return new SensoriumError('pipeline.timed-out', `The ${stage} stage took longer than ${mostMs / 1000} s.`, {
    hint: `Send less at once, or raise timeouts.${stage}.`,
    details: { stage, mostMs },
  });
}
