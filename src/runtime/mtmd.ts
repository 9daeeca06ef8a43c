import { closeSync, openSync } from 'node:fs';
import { devNull } from 'node:os';
import { SensoriumError } from '#contract/error.ts';
import { loadOptional } from './optional.ts';

const PACKAGE = '@fugood/llama.node';

/** What of the package is used here: it comes without declarations that TypeScript can read. */
interface Library {
  loadModel(options: MtmdModelOptions): Promise<MtmdContext>;
  isLibVariantAvailable(variant: 'default'): Promise<boolean>;
}

interface MtmdModelOptions {
  readonly model: string;
  readonly n_ctx: number;
  readonly n_threads: number;
  readonly n_gpu_layers: number;
  readonly ctx_shift: boolean;
}

/**
 * One loaded model. A completion that fails, or ends within microseconds, leaves it unable to begin another (seen with 1.7.15;
 * `completion` then throws): load it again.
 */
export interface MtmdContext {
  getModelInfo(): { readonly metadata: Readonly<Record<string, string>> };
  getFormattedChat(messages: readonly { readonly role: string; readonly content: string }[]): {
    readonly prompt: string;
    readonly additional_stops?: readonly string[];
  };
  /** Each `MEDIA_MARK` in the text stands for one file, in their order. */
  tokenize(
    text: string,
    options: { readonly media_paths: readonly string[] },
  ): Promise<{ readonly tokens: Int32Array }>;
  completion(options: MtmdCompletion, onToken: (piece: { readonly token: string }) => void): Promise<MtmdResult>;
  stopCompletion(): void;
  /** Throws when the file is no projector for this model. */
  initMultimodal(options: { readonly path: string; readonly use_gpu: boolean }): boolean;
  getMultimodalSupport(): { readonly vision: boolean; readonly audio: boolean };
  release(): Promise<void>;
}

export interface MtmdCompletion {
  readonly prompt: string;
  readonly media_paths: readonly string[];
  readonly n_predict: number;
  readonly temperature: number;
  readonly top_k?: number;
  readonly top_p?: number;
  readonly seed?: number;
  readonly stop: readonly string[];
  readonly penalty_repeat?: number;
  readonly penalty_freq?: number;
  readonly penalty_present?: number;
  readonly penalty_last_n?: number;
  readonly response_format?: object;
}

export interface MtmdResult {
  readonly text: string;
  readonly tokens_predicted: number;
  readonly context_full: boolean;
  readonly stopped_eos: boolean;
  readonly stopped_words: boolean;
}

/** Stands in a prompt for a medium. */
export const MEDIA_MARK = '<__media__>';

/**
 * llama.cpp with its projectors for pictures and sound (libmtmd), on the processor. Only worker processes should use it: it
 * ends the process over weights that are none, and it writes what people ask to the error stream, which is closed here.
 */
export async function loadMtmd(options: Omit<MtmdModelOptions, 'n_gpu_layers' | 'ctx_shift'>): Promise<MtmdContext> {
  const { loadModel, isLibVariantAvailable } = await loadOptional(PACKAGE, async (): Promise<Library> => {
    // Seen as a string, or TypeScript would check the package’s own sources, which do not hold to our settings.
    const module = await import('@fugood/llama.node' as string);
    return module.default ?? module;
  });
  if (!(await isLibVariantAvailable('default'))) {
    throw new SensoriumError('runtime.package-missing', `${PACKAGE} has no build that runs on this machine.`, {
      hint: `Install it again without leaving out its optional packages: npm install ${PACKAGE} --include=optional`,
      details: { package: PACKAGE },
    });
  }
  silenceErrorStream();
  return loadModel({ ...options, n_gpu_layers: 0, ctx_shift: false });
}

let silent = false;

function silenceErrorStream(): void {
  if (silent) return;
  silent = true;
  // The lowest free number is taken, which is the error stream’s own.
  closeSync(2);
  openSync(devNull, 'w');
}
