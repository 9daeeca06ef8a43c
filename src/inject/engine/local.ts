import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { SensoriumError } from '#contract/error.ts';
import type { VectorModel } from '#contract/ports.ts';
import type { ModelFingerprint } from '#contract/prompt-vectors.ts';
import { type LibllamaProcess, type RoundTrip, startLibllama } from '#runtime/libllama/client.ts';
import { readGguf } from '#tokens/index.ts';
import { fingerprintOf } from './fingerprint.ts';

export interface LocalVectorModelOptions {
  readonly id: string;
  /** The GGUF file. */
  readonly path: string;
  /** Processor threads; one where nothing is said. */
  readonly threads?: number | undefined;
  /** Room for a prompt and what follows it. */
  readonly contextTokens?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A model of this machine with everything the gate asks of it. */
export interface LocalVectorModel extends VectorModel {
  readonly path: string;
  readonly opening: readonly number[];
  readonly templated: NonNullable<VectorModel['templated']>;
  readonly rows: NonNullable<VectorModel['rows']>;
  readonly logits: NonNullable<VectorModel['logits']>;
  readonly score: NonNullable<VectorModel['score']>;
  /** Own rows against tokens, over so many of the fixed texts (16 at most) and the chat template, with the noise floor. */
  roundTrip(texts: number, signal: AbortSignal): Promise<RoundTrip>;
}

/** As a local model has for a conversation, so that both share one process. */
const CONTEXT_TOKENS = 4_096;

/**
 * Loads a GGUF model into a process of its own and shows that rows of its own table are its tokens to it. Throws
 * `inject.engine-unusable`, whose detail `code` says which check it failed, and `ask.model-unusable` for a file that is none.
 * A call that is a repetition of the last one's beginning reads only what is new: score all targets of one prompt in a row.
 */
export async function openLocalVectorModel(options: LocalVectorModelOptions): Promise<LocalVectorModel> {
  const signal = options.signal ?? new AbortController().signal;
  const { id, path } = options;
  await mustBeFile(id, path);
  const file = await readGguf(path, signal);
  const table = file.tensor('token_embd.weight');
  if (table === undefined) throw unusable(id, 'it has no input table');
  const { threads = 1, contextTokens = CONTEXT_TOKENS } = options;
  const engine = startLibllama(id, { path, threads, contextTokens });
  try {
    const info = await engine.open(signal);
    const name = `llama.cpp ${info.version}`;
    const rows = (tokens: readonly number[], stop: AbortSignal) => wideRows(engine, tokens, info, stop);
    let fingerprint: Promise<ModelFingerprint> | undefined;
    return {
      ...{ id, path, rows, opening: info.opening },
      fingerprint: (stop) => {
        const make = () =>
          fingerprintOf(file, table, { name, info, rows: (tokens) => rows(tokens, stop) }, stop).catch((error) => {
            fingerprint = undefined;
            throw error;
          });
        fingerprint ??= make();
        return fingerprint;
      },
      tokenize: engine.tokenize,
      templated: engine.templated,
      logits: engine.logits,
      score: engine.score,
      next: engine.next,
      write: engine.write,
      roundTrip: engine.roundTrip,
      close: engine.close,
    };
  } catch (error) {
    await engine.close();
    throw error;
  }
}

/** Rows as wide as the model's input: what deeper layers add to a token is nothing. */
async function wideRows(
  engine: LibllamaProcess,
  tokens: readonly number[],
  { width, tokenWidth }: { readonly width: number; readonly tokenWidth: number },
  signal: AbortSignal,
): Promise<Float32Array> {
  const rows = await engine.rows(tokens, signal);
  if (width === tokenWidth) return rows;
  const wide = new Float32Array(tokens.length * width);
  for (let at = 0; at < tokens.length; at++)
    wide.set(rows.subarray(at * tokenWidth, (at + 1) * tokenWidth), at * width);
  return wide;
}

async function mustBeFile(id: string, path: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (!found?.isFile()) throw unusable(id, `${basename(path)} is not a file`);
}

function unusable(id: string, why: string): SensoriumError {
  return new SensoriumError('ask.model-unusable', `${id} takes no vectors: ${why}.`, {
    hint: 'Give the path of a whole GGUF language model, or fetch one with `sensorium models pull NAME`.',
  });
}
