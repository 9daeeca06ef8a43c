import type { Describer, LanguageModel } from '#contract/ports.ts';
import { folderNamed } from '../../hear/engines/folders.ts';

const FLORENCE = 'florence-2';

/**
 * Opens what describes pictures: `florence-2:/FOLDER` is a Florence-2 in that folder, every other id the language model that `model`
 * opens. Throws `see.unknown-engine` for a model that is known not to see, what `model` throws, and for a folder what its engine throws.
 */
export async function describerFor(
  id: string,
  options: {
    readonly model: () => Promise<LanguageModel>;
    readonly maxWaiting?: number | undefined;
    readonly threads?: number | undefined;
  },
): Promise<Describer> {
  const named = folderNamed(id);
  if (named?.kind === FLORENCE) {
    const { threads, maxWaiting } = options;
    return (await import('./florence-2/engine.ts')).florence2(named.folder, { threads, maxWaiting });
  }
  const { visionModel } = await import('./vision-model/engine.ts');
  return visionModel(await options.model());
}
