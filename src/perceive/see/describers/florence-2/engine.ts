import { basename, resolve } from 'node:path';
import { SensoriumError } from '#contract/error.ts';
import { lossOf } from '#contract/loss.ts';
import type { Describer } from '#contract/ports.ts';
import { resize } from '#runtime/pixels/shape.ts';
import { type LineOptions, startWorker, workerModule } from '#runtime/worker/host.ts';
import { florenceFiles } from './files.ts';
import type { DescribeCall, DescribeReply } from './worker.ts';

/** It looks at 768 by 768 pixels; twice that is enough to be made smaller once more. */
const MOST_SIDE_PX = 1536;

/**
 * Florence-2 from a folder, through transformers.js: a paragraph in English and the objects it finds, without probabilities. It picks
 * the likeliest word each time (the library has no beam search, which the model's makers use). Throws `see.unknown-engine` when a file
 * is missing or foreign, and `runtime.package-missing`.
 */
export async function florence2(
  folder: string,
  { threads = 1, maxWaiting }: LineOptions & { readonly threads?: number | undefined } = {},
): Promise<Describer> {
  const path = resolve(folder);
  await florenceFiles(path);
  const id = `florence-2:${basename(path)}`;
  const worker = startWorker(workerModule(import.meta.url), { maxWaiting });
  return {
    id,
    async describe({ part, pixels, language }, { signal, note }) {
      const { widthPx, heightPx } = pixels;
      const shrink = Math.min(1, MOST_SIDE_PX / Math.max(widthPx, heightPx));
      const seen = await resize(pixels, Math.round(widthPx * shrink), Math.round(heightPx * shrink));
      const call: DescribeCall = { folder: path, threads, pixels: seen };
      const { text, objects, ended } = await worker.call<DescribeReply>('describe', call, signal);
      if (text === '') {
        throw new SensoriumError('see.not-described', `${id} found no words for the picture.`, {
          hint: 'Describe it with another model.',
        });
      }
      const lost = { stage: 'perceive', part, engine: id } as const;
      if (language !== 'en') {
        note(
          lossOf({
            ...lost,
            kind: 'language-unsupported',
            text: language,
            message: 'Florence-2 writes English only.',
            action: 'the description is kept in English',
          }),
        );
      }
      if (!ended.text || !ended.objects) {
        note(
          lossOf({
            ...lost,
            kind: 'text-truncated',
            message: `The describer wrote up to its limit and came to no end with ${ended.text ? 'the objects' : 'the description'}.`,
            action: 'it stops there',
          }),
        );
      }
      return { text, objects };
    },
    close: () => worker.close(),
  };
}
