import { SensoriumError } from '#contract/error.ts';
import type { Recogniser } from '#contract/ports.ts';
import type { LineOptions } from '#runtime/worker/host.ts';
import { FOLDER_KINDS, folderNamed, recogniserIn } from './folders.ts';
import { LANGUAGES as WHISPER_LANGUAGES } from './whisper/languages.ts';

/** A recogniser that can be chosen by its id. */
export interface RecogniserEntry {
  readonly id: string;
  /** One sentence for lists. */
  readonly description: string;
  /** Its entry in the model store. */
  readonly model: string;
  readonly capabilities: Recogniser['capabilities'];
  /** It can also tell which language is spoken. */
  readonly identifies?: boolean | undefined;
  /** `threads` is a wish: an engine may know better. */
  create(modelDir: string, options: { readonly threads?: number } & LineOptions): Promise<Recogniser>;
}

/** Every recogniser, the default first. One entry each; its code is read when it is chosen. */
export const RECOGNISERS: readonly RecogniserEntry[] = [
  {
    id: 'whisper-base',
    description:
      '99 languages, Chinese among them, and tells which one is spoken: several times faster than speech on two processor cores',
    model: 'whisper-base',
    capabilities: { languages: WHISPER_LANGUAGES, tokenLogprobs: true, wordTimes: 'attention', prompt: true },
    identifies: true,
    create: async (modelDir, line) => (await import('./whisper/engine.ts')).whisper(modelDir, line),
  },
  {
    id: 'moonshine-tiny',
    description: 'English, small and quick: about forty times faster than speech on one processor core',
    model: 'moonshine-tiny',
    capabilities: { languages: ['en'], tokenLogprobs: true, wordTimes: 'attention', prompt: true },
    create: async (modelDir, line) => (await import('./moonshine/engine.ts')).moonshine(modelDir, line),
  },
];

/** Whether a recogniser comes with us under this name. */
export function isRecogniser(id: string): boolean {
  return RECOGNISERS.some((known) => known.id === id);
}

/** Throws `hear.unknown-engine` when there is no recogniser of this name here; whether a folder holds one shows when it is opened. */
export function checkRecogniser(id: string): void {
  const named = folderNamed(id);
  if (!named || !FOLDER_KINDS.includes(named.kind)) recogniserEntry(id);
}

/** The recogniser called `id`, as it is listed. Throws `hear.unknown-engine`. */
export function recogniserEntry(id: string): RecogniserEntry {
  const entry = RECOGNISERS.find((known) => known.id === id);
  if (entry) return entry;
  throw new SensoriumError('hear.unknown-engine', `There is no speech recogniser called ${JSON.stringify(id)}.`, {
    hint: `Known recognisers: ${RECOGNISERS.map((known) => known.id).join(', ')}; KIND:/FOLDER for one of your own (${FOLDER_KINDS.join(', ')}); VENDOR:NAME.`,
  });
}

/**
 * Makes the recogniser called `id`. `modelDir` finds (and fetches, if need be) the folder of a model by its id in the model
 * store. Throws `hear.unknown-engine`.
 */
export async function recogniserFor(
  id: string,
  { modelDir, ...options }: { modelDir(model: string): Promise<string>; readonly threads?: number } & LineOptions,
): Promise<Recogniser> {
  if (folderNamed(id)) return recogniserIn(id, options);
  const entry = recogniserEntry(id);
  return entry.create(await modelDir(entry.model), options);
}
