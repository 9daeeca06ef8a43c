import type { PromptPiece } from '#contract/prompt-vectors.ts';
import { startWorker, type Worker, workerModule } from '../worker/host.ts';
import type { EngineAddress } from './http/server.ts';
import type { Weights } from './open.ts';
import type { RoundTrip } from './round-trip.ts';
import type { EngineInfo } from './worker.ts';

export type { Weights } from './open.ts';
export type { RoundTrip } from './round-trip.ts';
export type { TablePlace } from './table.ts';
export type { EngineInfo } from './worker.ts';

/** A language model that takes vectors, in a process of its own. Everything waits for its turn; a cancelled call stops within 120 ms. */
export interface LibllamaProcess {
  readonly worker: Worker;
  open(signal: AbortSignal): Promise<EngineInfo>;
  /** Has it to oneself in vLLM's shapes over HTTP: one address comes, and the process is held until the loop is left. */
  hold(signal: AbortSignal): AsyncIterable<EngineAddress>;
  tokenize(text: string, signal: AbortSignal): Promise<readonly number[]>;
  /** The tokens of the model's own chat template around one user's words. */
  templated(text: string, signal: AbortSignal): Promise<readonly number[]>;
  rows(tokens: readonly number[], signal: AbortSignal): Promise<Float32Array>;
  logits(prompt: readonly PromptPiece[], signal: AbortSignal): Promise<readonly Float32Array[]>;
  score(prompt: readonly PromptPiece[], target: readonly number[], signal: AbortSignal): Promise<Float64Array>;
  next(
    prompt: readonly PromptPiece[],
    top: number,
    signal: AbortSignal,
  ): Promise<readonly { readonly text: string; readonly logprob: number }[]>;
  write(prompt: readonly PromptPiece[], maxTokens: number, signal: AbortSignal): Promise<string>;
  /** The round trip over so many of the fixed texts and the chat template, with its noise floor. */
  roundTrip(texts: number, signal: AbortSignal): Promise<RoundTrip>;
  close(): Promise<void>;
}

interface Shared {
  readonly process: LibllamaProcess;
  users: number;
}

const running = new Map<string, Shared>();

/**
 * The process for a model; the first call starts it and loads the model. All who ask for the same file with the same room share one,
 * with the threads of the first, and the last to close it ends it.
 */
export function startLibllama(id: string, weights: Weights, maxWaiting?: number): LibllamaProcess {
  const key = `${weights.contextTokens} ${weights.path}`;
  const shared = running.get(key) ?? { process: processFor(id, weights, maxWaiting), users: 0 };
  running.set(key, shared);
  shared.users += 1;
  let open = true;
  return {
    ...shared.process,
    async close() {
      if (!open) return;
      open = false;
      shared.users -= 1;
      if (shared.users > 0) return;
      running.delete(key);
      await shared.process.close();
    },
  };
}

function processFor(id: string, weights: Weights, maxWaiting = 1_000): LibllamaProcess {
  const worker = startWorker(workerModule(import.meta.url), { name: id, niceness: 10, maxWaiting });
  const call = <T>(method: string, more: object, signal: AbortSignal) =>
    worker.call<T>(method, { weights, ...more }, signal);
  return {
    worker,
    open: (signal) => call('open', {}, signal),
    hold: (signal) => worker.stream('hold', { weights, model: id }, signal),
    tokenize: (text, signal) => call('tokenize', { text }, signal),
    templated: (text, signal) => call('templated', { text }, signal),
    rows: (tokens, signal) => call('rows', { tokens }, signal),
    logits: (prompt, signal) => call('logits', { prompt }, signal),
    score: (prompt, target, signal) => call('score', { prompt, target }, signal),
    next: (prompt, top, signal) => call('next', { prompt, top }, signal),
    write: (prompt, maxTokens, signal) => call('write', { prompt, maxTokens }, signal),
    roundTrip: (texts, signal) => call('roundTrip', { texts }, signal),
    close: () => worker.close(),
  };
}
