import { basename, resolve } from 'node:path';
import { SensoriumError } from '#contract/error.ts';
import type { Pixels, Sound } from '#contract/media.ts';
import type { CallContext, MediaEmbedder } from '#contract/ports.ts';
import { throwIfCancelled } from '#kit/abort.ts';
import { resize } from '#runtime/pixels/shape.ts';
import { type LineOptions, startWorker, workerModule } from '#runtime/worker/host.ts';
import { unusable } from '../folders.ts';
import { lengthOf, stretches } from '../sound.ts';
import { mustTake } from '../takes.ts';
import { sha256Of } from '../weights.ts';
import { modelTypeIn, towerFiles } from './files.ts';
import { TOWER_KINDS, type TowerKind } from './kinds.ts';
import { cutAtTheEdges, leftOutOfSound, smaller, unheardHighs } from './losses.ts';
import type { MediumCall, MediumReply, TextsCall, TextsReply } from './protocol.ts';
import { windowsIn } from './windows.ts';

/** More is of no use to models that look at a few hundred pixels, and less need be carried to their process. */
const MOST_SIDE_PX = 2_048;
/** CLAP was trained on this much at a time. */
const WINDOW_MS = 10_000;
/** Two minutes of sound in one vector: beyond, windows are spread over the whole. */
const MOST_WINDOWS = 12;
const TEXTS_PER_CALL = 64;

/**
 * A text and a media encoder with one space from a folder in the hub's ONNX layout, through transformers.js, in a process of its own.
 * Its dimensions are learnt from one short text. Throws `embed.model-unusable` and `runtime.package-missing`.
 */
export async function towers(
  kind: TowerKind,
  folder: string,
  {
    threads = 1,
    signal,
    ...line
  }: LineOptions & { readonly threads?: number | undefined; readonly signal: AbortSignal },
): Promise<MediaEmbedder> {
  const path = resolve(folder);
  const { paths, picture } = await towerFiles(path, kind);
  const weightsSha256 = await sha256Of(paths);
  const id = `${kind.name}:${basename(path)}`;
  const worker = startWorker(workerModule(import.meta.url), { ...line, name: id });
  const of = { kind: kind.name, id, folder: path, threads };
  const takes = ['text', kind.media] as const;

  const texts = async (all: readonly string[], stop: AbortSignal) => {
    throwIfCancelled(stop);
    const vectors: Float32Array[] = [];
    for (let from = 0; from < all.length; from += TEXTS_PER_CALL) {
      const some = all.slice(from, from + TEXTS_PER_CALL).map((text, index) => ({ at: from + index, text }));
      const call: TextsCall = { ...of, texts: some };
      vectors.push(...(await worker.call<TextsReply>('texts', call, stop, { begun: from > 0 })));
    }
    return vectors;
  };
  const see = async (part: string, pixels: Pixels, { signal: stop, note }: CallContext) => {
    if (picture)
      for (const loss of [smaller(pixels, picture, id), cutAtTheEdges(pixels, picture, id)])
        if (loss) note({ ...loss, part });
    const shrink = Math.min(1, MOST_SIDE_PX / Math.max(pixels.widthPx, pixels.heightPx));
    const shown = await resize(pixels, Math.round(pixels.widthPx * shrink), Math.round(pixels.heightPx * shrink));
    const call: MediumCall = { ...of, pixels: shown };
    return worker.call<MediumReply>('medium', call, stop);
  };
  const hear = async (part: string, sound: Sound, { signal: stop, note }: CallContext) => {
    const perMs = sound.sampleRateHz / 1000;
    const total = await lengthOf(sound, stop);
    if (total === 0) throw new SensoriumError('embed.bad-input', 'The sound is empty.', { details: { part } });
    const window = WINDOW_MS * perMs;
    const starts = windowsIn(total, window, MOST_WINDOWS);
    const windows = await stretches(sound, starts, window, stop);
    for (const loss of [unheardHighs(id), leftOutOfSound({ total, window, starts, perMs }, id)])
      if (loss) note({ ...loss, part });
    const call: MediumCall = { ...of, windows, windowMs: WINDOW_MS };
    return worker.call<MediumReply>('medium', call, stop);
  };

  try {
    const [known] = await texts(['a'], signal);
    return {
      id,
      capabilities: {
        dimensions: known?.length ?? 0,
        takes,
        languages: kind.languages,
        weightsSha256,
        preprocessing: kind.preprocessing,
      },
      texts: (all, context) => texts(all, context.signal),
      async media(media, context) {
        mustTake(id, takes, media);
        const vectors: Float32Array[] = [];
        for (const medium of media) {
          throwIfCancelled(context.signal);
          const { part } = medium;
          vectors.push(
            'pixels' in medium ? await see(part, medium.pixels, context) : await hear(part, medium.sound, context),
          );
        }
        return vectors;
      },
      close: () => worker.close(),
    };
  } catch (error) {
    await worker.close();
    throw error;
  }
}

/** The kind of the towers in a folder, by its config.json. Throws `embed.model-unusable` where it holds none. */
export async function towerKindIn(folder: string): Promise<TowerKind> {
  const type = await modelTypeIn(folder);
  const kind = TOWER_KINDS.find(({ modelTypes }) => modelTypes.includes(type));
  if (kind) return kind;
  throw unusable(folder, `its config.json is of a model of the type ${JSON.stringify(type)}`);
}
