import { SensoriumError } from '#contract/error.ts';
import { loadOptional } from './optional.ts';

const PACKAGE = 'sherpa-onnx-node';

/** What of the package is used here: it comes without declarations that TypeScript can read. */
export interface Sherpa {
  readonly OfflineRecognizer: new (config: OfflineConfig) => OfflineRecognizer;
  readonly OnlineRecognizer: new (config: OnlineConfig) => OnlineRecognizer;
  readonly OfflineSpeakerDiarization: new (config: DiarisationConfig) => OfflineDiarisation;
}

interface Threads {
  readonly numThreads: number;
  readonly provider: 'cpu';
}

interface OfflineConfig {
  readonly modelConfig: Threads & {
    readonly tokens: string;
    readonly senseVoice?: {
      readonly model: string;
      readonly language: string;
      readonly useInverseTextNormalization: 0 | 1;
    };
    readonly paraformer?: { readonly model: string };
  };
}

interface OnlineConfig {
  readonly modelConfig: Threads & {
    readonly tokens: string;
    readonly transducer: { readonly encoder: string; readonly decoder: string; readonly joiner: string };
  };
  readonly enableEndpoint: true;
  /** Seconds. */
  readonly rule1MinTrailingSilence: number;
  readonly rule2MinTrailingSilence: number;
  readonly rule3MinUtteranceLength: number;
}

interface DiarisationConfig {
  readonly segmentation: Threads & { readonly pyannote: { readonly model: string } };
  readonly embedding: Threads & { readonly model: string };
  readonly clustering: { readonly numClusters: number; readonly threshold: number };
  /** Seconds. */
  readonly minDurationOn: number;
  readonly minDurationOff: number;
}

interface Waveform {
  readonly samples: Float32Array;
  readonly sampleRate: number;
}

interface OfflineStream {
  acceptWaveform(sound: Waveform): void;
}

export interface OfflineRecognizer {
  createStream(): OfflineStream;
  decode(stream: OfflineStream): void;
  getResult(stream: OfflineStream): OfflineResult;
}

/** `timestamps` are seconds from the first sample, one a token, or none; `lang`, `emotion` and `event` are SenseVoice's tags. */
export interface OfflineResult {
  readonly text: string;
  readonly tokens: readonly string[];
  readonly timestamps: readonly number[];
  readonly lang: string;
  readonly emotion: string;
  readonly event: string;
}

interface OnlineStream {
  acceptWaveform(sound: Waveform): void;
  inputFinished(): void;
}

export interface OnlineRecognizer {
  createStream(): OnlineStream;
  isReady(stream: OnlineStream): boolean;
  decode(stream: OnlineStream): void;
  isEndpoint(stream: OnlineStream): boolean;
  reset(stream: OnlineStream): void;
  getResult(stream: OnlineStream): OnlineResult;
}

/** `timestamps` are seconds after `start_time`; `ys_probs` are natural-log probabilities, one a token. */
export interface OnlineResult {
  readonly text: string;
  readonly tokens: readonly string[];
  readonly timestamps: readonly number[];
  readonly ys_probs: readonly number[];
  readonly start_time: number;
}

export interface OfflineDiarisation {
  readonly sampleRate: number;
  /** Seconds; speakers are numbered from 0. */
  process(samples: Float32Array): { readonly start: number; readonly end: number; readonly speaker: number }[];
}

/**
 * sherpa-onnx for Node, loaded when first needed. Only worker processes should use it: its calls block, and it ends the process
 * over a model file that it does not know.
 */
export async function loadSherpa(): Promise<Sherpa> {
  try {
    return await loadOptional(PACKAGE, async (): Promise<Sherpa> => {
      // Builds with a later onnxruntime would report to its makers; see onnx.ts.
      // biome-ignore lint/style/noProcessEnv: the library has no other switch
      process.env.ORT_DISABLE_TELEMETRY = '1';
      // Seen as a string, or TypeScript would look for declarations, which the package has not.
      const module = await import('sherpa-onnx-node' as string);
      return module.default ?? module;
    });
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('Could not find sherpa-onnx-node')) throw error;
    throw new SensoriumError('runtime.package-missing', `${PACKAGE} has no build that runs on this machine.`, {
      hint: `Install it again without leaving out its optional packages: npm install ${PACKAGE} --include=optional`,
      details: { package: PACKAGE },
      cause: error,
    });
  }
}
