import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { VectorModel } from '#contract/ports.ts';
import type { ConnectorMethod } from '#contract/prompt-vectors.ts';
import {
  type Connector,
  connectorFor,
  type Dense,
  ENGLISH_PROBES,
  type Fitted,
  fitIn,
  gradeOf,
  LEAST_T,
  measureInformation,
  type OwnSpace,
  openLocalVectorModel,
  ownSpace,
  type SharedTokens,
  sharedTokens,
  tableEncoder,
  textBaseline,
} from '#inject/index.ts';
import type { EmbeddingOptions, Figures } from './figures.ts';

/** Language models by their folders in the home: each is the encoder of the other. */
const MODELS = { smollm2: 'smollm2-135m-instruct', qwen: 'qwen2.5-coder-0.5b-instruct' } as const;
type Name = keyof typeof MODELS;

interface Tried {
  readonly method: ConnectorMethod;
  readonly anchors: number;
  /** The nearest own row alone instead of a mixture: the best guess of what was meant. */
  readonly snap?: boolean;
  /** Columns of what goes in are swapped, so that it cannot mean anything: to be refused. */
  readonly scrambled?: boolean;
}

const QUICK: readonly Tried[] = [
  { method: 'ridge-mixture', anchors: 2048, snap: true },
  { method: 'ridge-mixture', anchors: 2048, scrambled: true },
];
const ALL: readonly Tried[] = [
  { method: 'ridge-mixture', anchors: 2048 },
  { method: 'ridge-mixture', anchors: 2048, snap: true },
  { method: 'ridge', anchors: 2048 },
  { method: 'procrustes-mixture', anchors: 512 },
  { method: 'procrustes-mixture', anchors: 2048 },
  { method: 'ridge-mixture', anchors: 2048, scrambled: true },
];
const MOST_ANCHORS = 2048;
const MOST_CANDIDATES = 8192;
const [ITEMS, QUICK_ITEMS] = [24, 16];

/**
 * What connectors tell a language model of texts that went through another one's table, as a share of what the text itself tells it:
 * ported by so many tokens that both know. `identity` is the text on the model's own rows; `scrambled` must be refused.
 */
export async function evalConnectors({ home, signal, quick, tell }: EmbeddingOptions): Promise<Figures> {
  const names: readonly Name[] = ['smollm2', 'qwen'];
  for (const name of names) {
    const isThere = await access(fileOf(home, name)).then(
      () => true,
      () => false,
    );
    if (!isThere) return { skipped: `${MODELS[name]} is not in ${join(home, 'models')}` };
  }
  const figures: Record<string, Figures> = {};
  for (const to of quick ? (['smollm2'] as const) : names) {
    const from = to === 'qwen' ? 'smollm2' : 'qwen';
    const model = await openLocalVectorModel({ id: to, path: fileOf(home, to), signal });
    try {
      const space = await ownSpace(model, 'evaluation', signal);
      const measured = portsInto({ model, space, file: fileOf(home, from) }, { home, signal, quick, tell });
      for await (const [name, figure] of measured) {
        figures[`${from}-to-${to}.${name}`] = figure;
        tell(`connectors: ${from}-to-${to}.${name} ${JSON.stringify(figure)}`);
      }
    } finally {
      await model.close();
    }
  }
  return figures;
}

interface Port {
  readonly model: VectorModel;
  readonly space: OwnSpace;
  /** The other model's weights. */
  readonly file: string;
}

async function* portsInto(
  { model, space, file }: Port,
  { home, signal, quick }: EmbeddingOptions,
): AsyncGenerator<[string, Figures]> {
  const cacheFolder = join(home, 'tokens');
  const references = ENGLISH_PROBES.slice(0, quick ? QUICK_ITEMS : ITEMS);
  const baseline = textBaseline(model, references, signal);
  const figuresOf = async (
    vectors: readonly Float32Array[],
    about: { readonly anchors: number; readonly fitMs: number },
  ) => {
    const items = vectors.map((one, at) => ({ vectors: one, reference: references[at] ?? '' }));
    const { share, t } = await measureInformation(model, items, { signal, baseline });
    const grade = gradeOf(t < LEAST_T ? null : share.low);
    return { informationShare: share.value, low: share.low, high: share.high, t, ...about, grade };
  };
  const own = [];
  for (const text of references) own.push(await space.rows(await space.tokenize(text, signal), signal));
  yield ['identity', await figuresOf(own, { anchors: 0, fitMs: 0 })];

  const encoded = await encodedBy(file, references, cacheFolder, signal);
  const all = await sharedTokens({
    ...{ foreign: file, tokenize: space.tokenize, signal, cacheFolder },
    ...{ anchors: MOST_ANCHORS, mostCandidates: MOST_CANDIDATES },
  });
  const fits = new Map<string, Timed<Fitted>>();
  for (const { method, anchors, snap = false, scrambled = false } of quick ? QUICK : ALL) {
    const key = `${method}-${anchors}`;
    const known =
      fits.get(key) ??
      (await timed(() => fitIn(space, some(all, anchors), { method, candidates: all.candidates, signal })));
    fits.set(key, known);
    const { connector, heldOut, fittedOn } = known.result;
    const apply = await connectorFor(snap ? snapped(connector) : connector, space, signal);
    const vectors = [];
    for (const rows of encoded) vectors.push(await apply(scrambled ? turnedOver(rows) : rows, signal));
    const name = `${key}${snap ? '-snapped' : ''}${scrambled ? '-scrambled' : ''}`;
    const figures = await figuresOf(vectors, { anchors: fittedOn, fitMs: known.ms });
    yield [name, { ...figures, heldOutNearestShare: heldOut.nearestShare, heldOutCosine: heldOut.cosine }];
  }
}

interface Timed<T> {
  readonly result: T;
  /** Of the processor: what else runs on the machine must not count. */
  readonly ms: number;
}

async function timed<T>(work: () => Promise<T>): Promise<Timed<T>> {
  const before = process.cpuUsage();
  const result = await work();
  return { result, ms: Math.round(process.cpuUsage(before).user / 1000) };
}

/** The other model's rows for each text. */
async function encodedBy(
  file: string,
  texts: readonly string[],
  cacheFolder: string,
  signal: AbortSignal,
): Promise<Dense[]> {
  const encoder = await tableEncoder(file, signal, cacheFolder);
  try {
    const encoded = [];
    for (const text of texts)
      encoded.push((await encoder.encode({ part: 'text', media: null, perception: null, text })).rows);
    return encoded;
  } finally {
    await encoder.close();
  }
}

/** So many anchors, spread evenly over all. */
function some({ inputs, units, candidates }: SharedTokens, anchors: number): SharedTokens {
  const every = Math.max(1, Math.floor(units.length / anchors));
  const places = units
    .map((_, at) => at)
    .filter((at) => at % every === 0)
    .slice(0, anchors);
  const { columns } = inputs;
  const values = new Float64Array(places.length * columns);
  for (const [at, place] of places.entries())
    values.set(inputs.values.subarray(place * columns, (place + 1) * columns), at * columns);
  return {
    inputs: { rows: places.length, columns, values },
    units: places.map((place) => units[place] ?? []),
    candidates,
  };
}

function snapped(connector: Connector): Connector {
  return connector.kind === 'mixture' ? { ...connector, top: 1 } : connector;
}

/** The same numbers in the other direction. */
function turnedOver({ rows, columns, values }: Dense): Dense {
  const turned = new Float64Array(values.length);
  for (let row = 0; row < rows; row++)
    turned.set(values.slice(row * columns, (row + 1) * columns).reverse(), row * columns);
  return { rows, columns, values: turned };
}

function fileOf(home: string, name: Name): string {
  return join(home, 'models', MODELS[name], 'model.gguf');
}
