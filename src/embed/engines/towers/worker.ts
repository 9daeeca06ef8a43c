import { SensoriumError } from '#contract/error.ts';
import { throwIfCancelled } from '#kit/abort.ts';
import { resampler } from '#kit/resample.ts';
import { loadTransformers } from '#runtime/transformers.ts';
import { keepOne } from '#runtime/worker/keep-one.ts';
import { serve } from '#runtime/worker/serve.ts';
import { meanDirection, normalised } from '../../vector.ts';
import { unusable } from '../folders.ts';
import { towerFiles } from './files.ts';
import { TOWER_KINDS, type TowerKind } from './kinds.ts';
import type { MediumCall, MediumReply, TextsCall, TextsReply } from './protocol.ts';

const TEXTS_PER_BATCH = 16;
const HEARD_HZ = 16_000;

type Library = Awaited<ReturnType<typeof loadTransformers>>;
type Tensor = InstanceType<Library['Tensor']>;
type Run = (inputs: object) => Promise<Readonly<Record<string, Tensor>>>;
type Opener = { from_pretrained(folder: string, options: object): Promise<unknown> };
interface Encoded {
  readonly input_ids: Tensor;
}
type Tokenize = (texts: readonly string[], options: object) => Encoded;
interface Loaded {
  readonly kind: TowerKind;
  readonly library: Library;
  readonly tokenize: Tokenize;
  readonly prepare: (medium: unknown) => Promise<object>;
  readonly rateHz: number;
  readonly text: Run;
  readonly media: Run;
}

let wanted: { kind: string; threads: number } = { kind: '', threads: 1 };
const loadedFrom = keepOne(load);

serve({
  async texts(call: TextsCall, signal: AbortSignal): Promise<TextsReply> {
    const { kind, tokenize, text } = await opened(call);
    for (const one of call.texts) withinLimit(one, tokenize, kind, call.id);
    const vectors: Float32Array[] = [];
    for (let from = 0; from < call.texts.length; from += TEXTS_PER_BATCH) {
      throwIfCancelled(signal);
      const some = call.texts.slice(from, from + TEXTS_PER_BATCH).map((one) => written(one.text, kind));
      const padding = kind.fillsAlways ? { padding: 'max_length', max_length: kind.maxTokens } : { padding: true };
      vectors.push(...rowsOf((await text(tokenize(some, padding)))[kind.outputs.text]));
    }
    return vectors;
  },

  async medium(call: MediumCall, signal: AbortSignal): Promise<MediumReply> {
    const { kind, library, prepare, media, rateHz } = await opened(call);
    const seen = async (medium: unknown) => rowsOf((await media(await prepare(medium)))[kind.outputs.media])[0];
    if ('pixels' in call) {
      const { rgb, widthPx, heightPx } = call.pixels;
      return (await seen(new library.RawImage(rgb, widthPx, heightPx, 3))) ?? new Float32Array();
    }
    const vectors = [];
    for (const window of call.windows) {
      throwIfCancelled(signal);
      const whole = Math.round((call.windowMs / 1000) * rateHz);
      const vector = await seen(repeated(atRate(window, rateHz).subarray(0, whole), whole));
      if (vector) vectors.push(vector);
    }
    return meanDirection(vectors);
  },
});

function opened(call: { readonly kind: string; readonly folder: string; readonly threads: number }): Promise<Loaded> {
  wanted = call;
  return loadedFrom(call.folder);
}

function written(text: string, { lowerCase }: TowerKind): string {
  return lowerCase ? text.toLowerCase() : text;
}

function withinLimit({ at, text }: TextsCall['texts'][number], tokenize: Tokenize, kind: TowerKind, id: string): void {
  const tokens = tokenize([written(text, kind)], { padding: false }).input_ids.dims.at(-1) ?? 0;
  const { maxTokens } = kind;
  if (tokens <= maxTokens) return;
  throw new SensoriumError('embed.too-long', `Text ${at + 1} has ${tokens} tokens; ${id} takes ${maxTokens}.`, {
    hint: 'Shorten it: it is to name what a picture or sound holds. Nothing is ever cut off in silence.',
    details: { text: at, tokens, maxTokens },
  });
}

function rowsOf(tensor: Tensor | undefined): Float32Array[] {
  const [rows = 0, width = 0] = tensor?.dims ?? [];
  const data = tensor?.data as Float32Array | undefined;
  if (!data || rows === 0) throw new Error('The model gave no vector.');
  return Array.from({ length: rows }, (_, row) =>
    normalised(Float32Array.from(data.subarray(row * width, (row + 1) * width))),
  );
}

function atRate(samples: Float32Array, rateHz: number): Float32Array {
  if (rateHz === HEARD_HZ) return samples;
  const turned = resampler(HEARD_HZ, rateHz);
  const [most, rest] = [turned.push(samples), turned.end()];
  const all = new Float32Array(most.length + rest.length);
  all.set(most);
  all.set(rest, most.length);
  return all;
}

/** As often as it goes into `length` whole, then silence: what `repeatpad` of CLAP's feature extractor in Python does. */
function repeated(samples: Float32Array, length: number): Float32Array {
  const filled = new Float32Array(length);
  const times = samples.length === 0 ? 0 : Math.floor(length / samples.length);
  for (let time = 0; time < times; time++) filled.set(samples, time * samples.length);
  return filled;
}

async function load(folder: string): Promise<Loaded> {
  const kind = TOWER_KINDS.find(({ name }) => name === wanted.kind);
  if (!kind) throw new Error(`no towers called ${wanted.kind}`);
  const library = await loadTransformers();
  const { weights } = await towerFiles(folder, kind);
  const session_options = { intraOpNumThreads: wanted.threads, logSeverityLevel: 3 };
  const tower = async (side: 'text' | 'media') => {
    const opener = (library as unknown as Readonly<Record<string, Opener>>)[kind.classes[side]];
    return (await opener?.from_pretrained(folder, { dtype: weights[side], device: 'cpu', session_options })) as Run;
  };
  try {
    const [tokenizer, processor, text, media] = await Promise.all([
      library.AutoTokenizer.from_pretrained(folder),
      library.AutoProcessor.from_pretrained(folder),
      tower('text'),
      tower('media'),
    ]);
    const rate = (processor.feature_extractor?.config as { sampling_rate?: unknown } | undefined)?.sampling_rate;
    const media_processor = processor.image_processor ?? processor.feature_extractor;
    if (!media_processor) throw new Error('its preprocessor_config.json names no way to prepare media');
    return {
      ...{ kind, library, text, media },
      tokenize: (texts, options) => tokenizer([...texts], options) as Encoded,
      prepare: (medium) => (media_processor as unknown as (medium: unknown) => Promise<object>)(medium),
      rateHz: typeof rate === 'number' ? rate : HEARD_HZ,
    };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw unusable(folder, `it does not open (${why.slice(0, 300)})`, kind.hint, error);
  }
}
