import { SensoriumError } from '#contract/error.ts';
import type { Embedding } from '#contract/ports.ts';
import { throwIfCancelled } from '#kit/abort.ts';
import { loadOnnx } from '#runtime/onnx.ts';
import { keepOne } from '#runtime/worker/keep-one.ts';
import { serve } from '#runtime/worker/serve.ts';
import { normalised } from '../../vector.ts';
import { unusable } from '../folders.ts';
import { batchesOf } from './batches.ts';
import { graphIn } from './files.ts';
import { SENTENCE_MODELS, type SentenceModel } from './model.ts';
import { meanOf } from './pool.ts';
import type { SentenceReply, SentenceRequest } from './protocol.ts';
import { readTokenizer, type Tokens } from './tokens.ts';

/** One batch takes about a tenth of a second, so that a cancelled call ends in time; larger ones were no faster a text. */
const TOKENS_PER_BATCH = 512;
/** With a second thread it was half as fast on two cores that others use as well. */
const THREADS = 1;

type Model = Awaited<ReturnType<typeof load>>;
/** A text with how many of its tokens are its own: neither marks nor what was written before it. */
type Read = Tokens & { readonly own: number };

let kind: SentenceModel = SENTENCE_MODELS.minilm;
const modelIn = keepOne(load);

serve({
  async embed(
    { kind: name, id, modelDir, purpose, texts }: SentenceRequest,
    signal: AbortSignal,
  ): Promise<SentenceReply> {
    kind = SENTENCE_MODELS[name];
    const model = await modelIn(modelDir);
    const prefix = kind.prefixes[purpose];
    const besides = model.tokens(prefix.trim()).ids.length;
    const read = texts.map(({ at, text }) => {
      const tokens = model.tokens(`${prefix}${text}`);
      return withinLimit({ ...tokens, own: tokens.ids.length - besides }, at, id);
    });
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

function withinLimit(read: Read, text: number, id: string): Read {
  const { maxTokens } = kind.capabilities;
  if (read.own <= maxTokens) return read;
  throw new SensoriumError('embed.too-long', `Text ${text + 1} has ${read.own} tokens; ${id} takes ${maxTokens}.`, {
    hint: 'Split it into shorter texts; nothing is ever cut off in silence.',
    details: { text, tokens: read.own, maxTokens },
  });
}

/** Mean of the last layer over each text's own tokens, then length 1. */
async function embedBatch({ session, Tensor }: Model, batch: readonly Read[]): Promise<Embedding[]> {
  const length = Math.max(...batch.map(({ ids }) => ids.length));
  const shape = [batch.length, length];
  const ids = new BigInt64Array(batch.length * length);
  const mask = new BigInt64Array(ids.length);
  for (const [row, text] of batch.entries()) {
    ids.set(text.ids.map(BigInt), row * length);
    mask.fill(1n, row * length, row * length + text.ids.length);
  }
  const all: Record<string, BigInt64Array> = {
    input_ids: ids,
    attention_mask: mask,
    token_type_ids: new BigInt64Array(ids.length),
  };
  const wanted = Object.entries(all).filter(([name]) => session.inputNames.includes(name));
  const outputs = await session.run(
    Object.fromEntries(wanted.map(([name, values]) => [name, new Tensor('int64', values, shape)])),
  );
  const states = outputs.last_hidden_state?.data as Float32Array;
  const { dimensions } = kind.capabilities;
  return batch.map((text, row) => ({
    vector: normalised(meanOf(states.subarray(row * length * dimensions), text.ids.length, dimensions)),
    tokens: text.own,
    unknownTokens: text.unknown,
  }));
}

async function load(modelDir: string) {
  const { InferenceSession, Tensor } = await loadOnnx();
  const path = await graphIn(modelDir, kind);
  const [session, tokens] = await Promise.all([
    InferenceSession.create(path, { intraOpNumThreads: THREADS, logSeverityLevel: 3 }).catch((error: unknown) => {
      throw unusable(modelDir, `its graph does not open (${String(error).slice(0, 200)})`);
    }),
    readTokenizer(modelDir, kind),
  ]);
  if (!session.outputNames.includes('last_hidden_state'))
    throw unusable(modelDir, 'its graph has no last_hidden_state');
  return { session, tokens, Tensor };
}
