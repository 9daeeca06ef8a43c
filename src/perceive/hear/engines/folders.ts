import { basename } from 'node:path';
import { SensoriumError } from '#contract/error.ts';
import type { Diariser, Recogniser } from '#contract/ports.ts';
import type { LineOptions } from '#runtime/worker/host.ts';

type Options = LineOptions & {
  readonly threads?: number | undefined;
  /** What it is called in reports, where not by its kind and folder. */
  readonly id?: string | undefined;
};

/** Kinds of recognisers that are opened from a folder of the user's own: `sensevoice:/srv/models/sense-voice`. One entry each. */
const KINDS: Readonly<Record<string, (folder: string, options: Options) => Promise<Recogniser>>> = {
  whisper: async (folder, options) =>
    (await import('./whisper/engine.ts')).whisper(folder, {
      ...options,
      id: options.id ?? `whisper:${basename(folder)}`,
    }),
  sensevoice: async (folder, options) =>
    (await import('./sherpa/index.ts')).sherpaRecogniser('sensevoice', folder, options),
  paraformer: async (folder, options) =>
    (await import('./sherpa/index.ts')).sherpaRecogniser('paraformer', folder, options),
  zipformer: async (folder, options) =>
    (await import('./sherpa/index.ts')).sherpaRecogniser('zipformer', folder, options),
};

/** Kinds that can be named as `KIND:/FOLDER`. */
export const FOLDER_KINDS: readonly string[] = Object.keys(KINDS);

/** The kind and the folder in `whisper:/srv/whisper`, `whisper:./whisper` or `whisper:C:\whisper`; `null` in any other name. */
export function folderNamed(id: string): { readonly kind: string; readonly folder: string } | null {
  const [, kind, folder] = /^([a-z0-9-]+):([/\\.~].*|[a-z]:[/\\].*)$/is.exec(id) ?? [];
  return kind === undefined || folder === undefined ? null : { kind, folder };
}

/** Opens the recogniser of a folder. Throws `hear.unknown-engine` and `hear.model-unusable`. */
export async function recogniserIn(id: string, options: Options): Promise<Recogniser> {
  const named = folderNamed(id);
  const open = named && KINDS[named.kind];
  if (!named || !open) {
    throw new SensoriumError('hear.unknown-engine', `There is no kind of recogniser called “${named?.kind ?? id}”.`, {
      hint: `Kinds that are opened from a folder: ${FOLDER_KINDS.join(', ')}.`,
    });
  }
  return open(named.folder, options);
}

/** Opens what tells voices apart, `pyannote:/FOLDER`. Throws `hear.unknown-engine` and `hear.model-unusable`. */
export async function diariserFor(id: string, options: Options): Promise<Diariser> {
  const named = folderNamed(id);
  if (named?.kind === 'pyannote') return (await import('./sherpa/index.ts')).sherpaDiariser(named.folder, options);
  throw new SensoriumError('hear.unknown-engine', `Nothing called ${JSON.stringify(id)} tells voices apart.`, {
    hint: 'Name a folder with a segmentation and an embedding model: pyannote:/FOLDER.',
  });
}
