import { throwIfCancelled } from '#kit/abort.ts';
import type { Batch } from './api.ts';
import { inThread } from './koffi.ts';
import type { LoadedModel } from './model.ts';
import type { Unit } from './prompt.ts';
import { engineUnusable } from './refusals.ts';

/** Feeds positions to the model's context, a batch at a time. */
export interface Feeder {
  /**
   * Reads `units` from position `from` on, where a batch must begin; before it everything must have been read. `ends` are the positions
   * after each batch, as `batchEnds` gives them.
   */
  feed(units: readonly Unit[], from: number, ends: readonly number[], how: Feeding, signal: AbortSignal): Promise<void>;
}

export interface Feeding {
  /** After which positions the logits are asked for. */
  wants(position: number): boolean;
  /** Gets them as a view that the next batch overwrites. */
  take(position: number, logits: Float32Array): void;
}

/**
 * Where batches end: tokens and rows are never together, `most` positions at most, and each of `cuts` begins one. It depends on nothing
 * but the prompt, since the same positions read in other batches have slightly other logits.
 */
export function batchEnds(units: readonly Unit[], cuts: ReadonlySet<number>, most: number): readonly number[] {
  const ends: number[] = [];
  let first = 0;
  for (let at = 1; at <= units.length; at++) {
    const isOther = typeof units[at] !== typeof units[first];
    if (at < units.length && at - first < most && !cuts.has(at) && !isOther) continue;
    ends.push(at);
    first = at;
  }
  return ends;
}

/** `llama_decode` gives 2 when it was told to stop. */
const STOPPED = 2;

/** Makes the buffers through which a context is fed. */
export function openFeeder(model: LoadedModel): Feeder {
  const tokens = buffersOf(model, model.tokenBatch, 'token');
  const vectors = buffersOf(model, model.vectorBatch, 'embd');
  const stop = stopFlag(model);

  return {
    async feed(units, from, ends, how, signal) {
      let first = from;
      for (const end of ends.filter((one) => one > from)) {
        throwIfCancelled(signal);
        const into = typeof units[first] === 'number' ? tokens : vectors;
        fill(into, units.slice(first, end), first, how, model);
        const code = await stop.during(signal, () =>
          inThread(model.api.decode, model.context, { ...into.batch, n_tokens: end - first }),
        );
        throwIfCancelled(signal);
        if (code === STOPPED) throw engineUnusable('EMB_ENGINE_ABI', 'llama.cpp stopped without being told to.');
        if (code !== 0) throw engineUnusable('EMB_ENGINE_ABI', `llama.cpp could not read the prompt (code ${code}).`);
        for (let at = first; at < end; at++) if (how.wants(at)) how.take(at, logitsOf(model, at - first));
        first = end;
      }
    },
  };
}

interface Buffers {
  readonly batch: Batch;
  readonly tokens: Int32Array | null;
  readonly rows: Float32Array | null;
  readonly positions: Int32Array;
  readonly wanted: Uint8Array;
}

/** The buffers that the library itself laid out for a batch, to be written in place. All sequence numbers stay 0. */
function buffersOf(
  { koffi, batchTokens, positionStreams, width }: LoadedModel,
  batch: Batch,
  kind: 'token' | 'embd',
): Buffers {
  const { token, embd, pos, logits } = batch;
  if (pos === null || logits === null || batch[kind] === null) {
    throw engineUnusable('EMB_ENGINE_ABI', 'A batch has no place for what goes in.');
  }
  return {
    // Without them every position belongs to the sequence 0.
    batch: { ...batch, n_seq_id: null, seq_id: null },
    tokens: token === null ? null : new Int32Array(koffi.view(token, batchTokens * 4)),
    rows: embd === null ? null : new Float32Array(koffi.view(embd, batchTokens * width * 4)),
    positions: new Int32Array(koffi.view(pos, batchTokens * positionStreams * 4)),
    wanted: new Uint8Array(koffi.view(logits, batchTokens)),
  };
}

function fill(into: Buffers, units: readonly Unit[], first: number, how: Feeding, model: LoadedModel): void {
  const { tokens, rows, positions, wanted } = into;
  for (const [at, unit] of units.entries()) {
    if (typeof unit === 'number') {
      if (tokens) tokens[at] = unit;
    } else rows?.set(unit, at * model.width);
    wanted[at] = how.wants(first + at) ? 1 : 0;
    positions[at] = first + at;
    // A text’s height and width are its place as well, and the fourth number is 0. Tokens have one number in any case.
    if (rows && model.positionStreams === 4) {
      positions[units.length + at] = first + at;
      positions[units.length * 2 + at] = first + at;
      positions[units.length * 3 + at] = 0;
    }
  }
}

function logitsOf({ api, koffi, context, vocabulary }: LoadedModel, place: number): Float32Array {
  const pointer = api.llama_get_logits_ith(context, place) as bigint | null;
  if (pointer === null) throw engineUnusable('EMB_ENGINE_ABI', `llama.cpp has no logits at place ${place}.`);
  return new Float32Array(koffi.view(pointer, vocabulary * 4));
}

/**
 * Lets a signal stop the library in the middle of a batch. It asks a function of C between two operations whether to stop, in
 * threads where JavaScript cannot answer; C's own `strlen` can: of an empty text it is 0, of one letter 1.
 */
function stopFlag({ koffi, api, context }: LoadedModel) {
  const flag = new Uint8Array(koffi.view(koffi.address(koffi.alloc('uint8_t', 2)), 2));
  flag.fill(0);
  try {
    api.llama_set_abort_callback(context, koffi.load(null).symbol('strlen'), flag);
  } catch {
    // Not found here: a signal is looked at between batches, and the process can be killed.
  }
  return {
    async during<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
      const raise = () => flag.fill(1, 0, 1);
      signal.addEventListener('abort', raise, { once: true });
      try {
        return await work();
      } finally {
        signal.removeEventListener('abort', raise);
        flag.fill(0);
      }
    },
  };
}
