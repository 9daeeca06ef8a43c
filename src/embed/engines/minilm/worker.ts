import { join } from 'node:path';
import { SensoriumError } from '#contract/error.ts';
import type { Embedding } from '#contract/ports.ts';
import { throwIfCancelled } from '#kit/abort.ts';
import { loadOnnx } from '#runtime/onnx.ts';
import { keepOne } from '#runtime/worker/keep-one.ts';
import { serve } from '#runtime/worker/serve.ts';
import { normalised } from '../../vector.ts';
import { batchesOf } from './batches.ts';
import { CAPABILITIES, ID } from './model.ts';
import { meanOf } from './pool.ts';
import type { MinilmReply, MinilmRequest } from './protocol.ts';
import { readTokenizer, type Tokens } from './tokens.ts';

/** One batch takes about a tenth of a second, so that a cancelled call ends in time; larger ones were no faster a text. */
const TOKENS_PER_BATCH = 512;
/** With a second thread it was half as fast on two cores that others use as well. */
const THREADS = 1;
/** `[CLS]` and `[SEP]`. */
const MARKS = 2;

type Model = Awaited<ReturnType<typeof load>>;

const modelIn = keepOne(load);

serve({
  async embed({ modelDir, texts }: MinilmRequest, signal: AbortSignal): Promise<MinilmReply> {
    const model = await modelIn(modelDir);
    const read = texts.map(({ at, text }) => withinLimit(model.tokens(text), at));
    const embeddings = new Array<Embedding>(texts.length);
    for (const batch of batchesOf(
      read.map(({ ids }) => ids.length),
      TOKENS_PER_BATCH,
    )) {
      throwIfCancelled(signal);
      const some = batch.flatMap((place) => read[place] ?? []);
      for (const [row, embedding] of (await embedBatch(model, some)).entries())
        embeddings[batch[row] ?? row] = embedding;
    }
    return embeddings;
  },
});

function withinLimit(read: Tokens, text: number): Tokens {
  const tokens = read.ids.length - MARKS;
  const { maxTokens } = CAPABILITIES;
  if (tokens <= maxTokens) return read;
  throw new SensoriumError('embed.too-long', `Text ${text + 1} has ${tokens} tokens; ${ID} takes ${maxTokens}.`, {
    hint: 'Split it into shorter texts; nothing is ever cut off in silence.',
    details: { text, tokens, maxTokens },
  });
}

/** Mean of the last layer over each text's own tokens, then length 1 (modules.json of sentence-transformers/all-MiniLM-L6-v2). */
async function embedBatch({ session, Tensor }: Model, batch: readonly Tokens[]): Promise<Embedding[]> {
  const length = Math.max(...batch.map(({ ids }) => ids.length));
  const shape = [batch.length, length];
  const ids = new BigInt64Array(batch.length * length);
  const mask = new BigInt64Array(ids.length);
  for (const [row, text] of batch.entries()) {
    ids.set(text.ids.map(BigInt), row * length);
    mask.fill(1n, row * length, row * length + text.ids.length);
  }
  const outputs = await session.run({
    input_ids: new Tensor('int64', ids, shape),
    attention_mask: new Tensor('int64', mask, shape),
    token_type_ids: new Tensor('int64', new BigInt64Array(ids.length), shape),
  });
  const states = outputs.last_hidden_state?.data as Float32Array;
  const { dimensions } = CAPABILITIES;
  return batch.map((text, row) => ({
    vector: normalised(meanOf(states.subarray(row * length * dimensions), text.ids.length, dimensions)),
    tokens: text.ids.length - MARKS,
    unknownTokens: text.unknown,
  }));
}

async function load(modelDir: string) {
  const { InferenceSession, Tensor } = await loadOnnx();
  const [session, tokens] = await Promise.all([
    InferenceSession.create(join(modelDir, 'model.onnx'), { intraOpNumThreads: THREADS, logSeverityLevel: 3 }),
    readTokenizer(modelDir),
  ]);
  return { session, tokens, Tensor };
}
