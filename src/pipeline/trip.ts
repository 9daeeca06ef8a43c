import type { PipelineEvent } from '#contract/events.ts';
import type { Loss } from '#contract/loss.ts';
import type { CallContext } from '#contract/ports.ts';
import type { Timings } from '#contract/report.ts';
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
  emit(event: PipelineEvent): void;
  elapsedMs(): number;
}

/**
 * Runs a story (the steps of one kind of request) and gives its events as they happen. A story that throws ends the
 * stream with that error; leaving the stream early or firing `outer` stops the story, and the stream ends only when the
 * story has let go of everything.
 */
export async function* travel(
  story: (trip: Trip) => Promise<void>,
  outer?: AbortSignal,
): AsyncGenerator<PipelineEvent> {
  const left = new AbortController();
  const signal = outer ? AbortSignal.any([outer, left.signal]) : left.signal;
  const events = channel<PipelineEvent>();
  const losses: Loss[] = [];
  const note = (loss: Loss) => {
    losses.push(loss);
    events.push({ kind: 'loss-noted', loss });
  };
  const trip: Trip = {
    requestId: newRequestId(),
    createdAt: new Date(),
    signal,
    context: { signal, note },
    losses,
    timings: { mediaMs: null, probeMs: null, perceiveMs: null, firstTokenMs: null, firstAudioMs: null, totalMs: 0 },
    emit: events.push,
    elapsedMs: stopwatch(),
  };
  const told = story(trip).then(events.end, events.fail);
  try {
    yield* events;
  } finally {
    left.abort();
    await told;
  }
}
