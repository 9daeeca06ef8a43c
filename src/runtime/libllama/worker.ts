import { once } from 'node:events';
import type { PromptPiece } from '#contract/prompt-vectors.ts';
import { serve } from '../worker/serve.ts';
import { chatPrompt } from './chat-prompt.ts';
import { likeliest } from './engine.ts';
import { type EngineAddress, serveEngine } from './http/server.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { mustTakeRows, type Opened, openEngine, type Weights } from './open.ts';
import { roundTrip } from './round-trip.ts';
import { write } from './write.ts';

// The host starts one process per model, so there is only ever one to keep.
let opening: Promise<Opened> | undefined;
const inTurn = oneAtATime();

function opened(weights: Weights, signal: AbortSignal): Promise<Opened> {
  opening ??= openEngine(weights, signal).catch((error) => {
    opening = undefined;
    throw error;
  });
  return opening;
}

interface Asked {
  readonly weights: Weights;
}

interface Prompted extends Asked {
  readonly prompt: readonly PromptPiece[];
}

/** Does something with the engine when nobody else does; rows only go to a model that takes them. */
function withEngine<A extends Asked>(work: (opened: Opened, argument: A, signal: AbortSignal) => Promise<unknown>) {
  return (argument: A, signal: AbortSignal) =>
    inTurn(async () => {
      const engine = await opened(argument.weights, signal);
      const { prompt = [] } = argument as Partial<Prompted>;
      if (prompt.some((piece) => 'vectors' in piece)) mustTakeRows(engine);
      return work(engine, argument, signal);
    });
}

let serving: Promise<EngineAddress> | undefined;

serve({
  /** Tells where it is served, and goes on until it is cancelled: so long nobody takes the process for idle. */
  async *hold({ weights, model }: Asked & { model: string }, signal: AbortSignal) {
    await inTurn(() => opened(weights, signal));
    serving ??= serveEngine({
      model,
      use: (work, stop) => inTurn(async () => work(await opened(weights, stop), stop)),
    });
    yield await serving;
    if (!signal.aborted) await once(signal, 'abort');
  },
  open: withEngine(async ({ engine, table, roundTrip: found }) => {
    const { model } = engine;
    const { api, width, tokenWidth, vocabulary, contextTokens, positionStreams } = model;
    const { typeName, rowBytes } = table;
    return {
      ...{ version: api.version, width, tokenWidth, vocabulary, contextTokens, positionStreams },
      ...{ tableType: typeName, rowBytes, roundTrip: found },
      opening: engine.words.opens ? [engine.words.first] : [],
    } satisfies EngineInfo;
  }),
  tokenize: withEngine(async ({ engine }, { text }: Asked & { text: string }) => engine.words.tokens(text)),
  templated: withEngine(async ({ engine, template }, { text }: Asked & { text: string }) =>
    chatPrompt([{ role: 'user', parts: [text] }], template, engine.words).flatMap((piece) =>
      'tokens' in piece ? piece.tokens : [],
    ),
  ),
  rows: withEngine(({ table }, { tokens }: Asked & { tokens: readonly number[] }) => table.rows(tokens)),
  logits: withEngine(({ engine }, { prompt }: Prompted, signal) => engine.logits(prompt, signal)),
  score: withEngine(({ engine }, { prompt, target }: Prompted & { target: readonly number[] }, signal) =>
    engine.score(prompt, target, signal),
  ),
  next: withEngine(async ({ engine }, { prompt, top }: Prompted & { top: number }, signal) =>
    likeliest(await engine.last(engine.prompt(prompt), signal), top).map(({ token, logprob }) => ({
      text: engine.words.bytes(token, true).toString('utf8'),
      logprob,
    })),
  ),
  write: withEngine(({ engine }, { prompt, maxTokens }: Prompted & { maxTokens: number }, signal) =>
    write(engine, prompt, maxTokens, signal),
  ),
  roundTrip: withEngine(({ engine, table, template }, { texts }: Asked & { texts: number }, signal) =>
    roundTrip(engine, table, template, { texts, withFloor: true }, signal),
  ),
});

/** What is known of a model once it is loaded. */
export interface EngineInfo {
  readonly version: string;
  readonly width: number;
  readonly tokenWidth: number;
  readonly vocabulary: number;
  readonly contextTokens: number;
  readonly positionStreams: number;
  readonly tableType: string;
  readonly rowBytes: number;
  /** Tokens that every text begins with. */
  readonly opening: readonly number[];
  readonly roundTrip: Awaited<ReturnType<typeof roundTrip>> | null;
}
