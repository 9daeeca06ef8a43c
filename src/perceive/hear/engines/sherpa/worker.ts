import { setImmediate as breathe } from 'node:timers/promises';
import { SensoriumError } from '#contract/error.ts';
import type { TimeSpan } from '#contract/finding.ts';
import type { Segment } from '#contract/perception.ts';
import { throwIfCancelled } from '#kit/abort.ts';
import { loadSherpa, type OfflineDiarisation, type OfflineRecognizer, type OnlineRecognizer } from '#runtime/sherpa.ts';
import { keepOne } from '#runtime/worker/keep-one.ts';
import { serve } from '#runtime/worker/serve.ts';
import type { SherpaFiles, SpeakerFiles } from './files.ts';
import { segmentFor } from './heard.ts';

/** A piece of sound to hear and what to hear it with. Times are those of the recording. */
export interface HearCall {
  readonly files: SherpaFiles;
  readonly threads: number;
  /** What SenseVoice is told: `auto` or one of its languages. */
  readonly language: string;
  readonly samples: Float32Array;
  readonly fromMs: number;
  readonly speech: readonly TimeSpan[];
  /** The engine's id. */
  readonly source: string;
}

/** A whole recording, mono, 16 bit, 16 kHz. */
export interface DiariseCall {
  readonly files: SpeakerFiles;
  readonly threads: number;
  readonly samples: Int16Array;
}

/** Milliseconds; `speaker` as the model numbers them. */
export type Turn = TimeSpan & { readonly speaker: number };

const RATE_HZ = 16_000;
const MS = RATE_HZ / 1000;
/** Sound is given to a streaming model in such bits, and after each a cancelled call stops. */
const BIT_SAMPLES = RATE_HZ / 2;
/** Silence after the end, longer than the chunks of the released models (0.16 s to 0.64 s), so that the last words come out. */
const TAIL_SAMPLES = RATE_HZ;
/** Seconds without a token that end a segment: when there is none yet, and when there is. sherpa-onnx’s own. */
const SILENCE_S = { before: 2.4, after: 1.2 };
/** A segment ends in a pause only: cut after a time, it would end in a word. */
const NEVER_S = 1e6;
/** sherpa-onnx’s own: how unlike two voices are that count as two, the shortest turn, and the longest gap within one. */
const SPEAKERS = { threshold: 0.5, minDurationOn: 0.3, minDurationOff: 0.5 };

const offlineFor = keepOne(openOffline);
const onlineFor = keepOne(openOnline);
const diarisationFor = keepOne(openDiarisation);

serve({
  /** Hears a piece as a whole. */
  async hear(call: HearCall): Promise<Segment | null> {
    const { files, threads, language } = call;
    const recogniser = await offlineFor(JSON.stringify({ files, threads, language }));
    const stream = recogniser.createStream();
    stream.acceptWaveform({ samples: call.samples, sampleRate: RATE_HZ });
    recogniser.decode(stream);
    const result = recogniser.getResult(stream);
    const toMs = call.fromMs + call.samples.length / MS;
    return segmentFor({ ...call, kind: files.kind, result, toMs });
  },

  /** Hears a piece bit by bit and tells each segment as soon as the silence after it is long enough. */
  async *listen(call: HearCall, signal: AbortSignal): AsyncGenerator<Segment> {
    const { files, threads, samples, fromMs } = call;
    const recogniser = await onlineFor(JSON.stringify({ files, threads }));
    const stream = recogniser.createStream();
    const sound = new Float32Array(samples.length + TAIL_SAMPLES);
    sound.set(samples);
    for (let at = 0; at < sound.length; at += BIT_SAMPLES) {
      stream.acceptWaveform({ samples: sound.slice(at, at + BIT_SAMPLES), sampleRate: RATE_HZ });
      while (recogniser.isReady(stream)) {
        recogniser.decode(stream);
        if (!recogniser.isEndpoint(stream)) continue;
        const result = recogniser.getResult(stream);
        recogniser.reset(stream);
        const { start_time: nextS } = recogniser.getResult(stream);
        const segment = written(call, result, fromMs + nextS * 1000);
        if (segment) yield segment;
      }
      await breathe();
      throwIfCancelled(signal);
    }
    const last = written(call, recogniser.getResult(stream), fromMs + samples.length / MS);
    if (last) yield last;
  },

  /** Tells who speaks when. */
  async diarise({ files, threads, samples }: DiariseCall): Promise<Turn[]> {
    const diarisation = await diarisationFor(JSON.stringify({ files, threads }));
    const turns = diarisation.process(Float32Array.from(samples, (sample) => sample / 32_768));
    return turns.map(({ start, end, speaker }) => ({ startMs: start * 1000, endMs: end * 1000, speaker }));
  },
});

function written(call: HearCall, result: ReturnType<OnlineRecognizer['getResult']>, toMs: number): Segment | null {
  const fromMs = call.fromMs + result.start_time * 1000;
  return segmentFor({ ...call, kind: call.files.kind, result, fromMs, toMs });
}

async function openOffline(key: string): Promise<OfflineRecognizer> {
  const { files, threads, language } = JSON.parse(key) as Pick<HearCall, 'files' | 'threads' | 'language'>;
  if (files.kind === 'zipformer') throw new Error('A streaming model listens; it does not hear as a whole.');
  const { OfflineRecognizer } = await loadSherpa();
  const { kind, model, tokens } = files;
  const modelConfig = { tokens, numThreads: threads, provider: 'cpu' } as const;
  return opened(
    model,
    () =>
      new OfflineRecognizer({
        modelConfig:
          kind === 'sensevoice'
            ? { ...modelConfig, senseVoice: { model, language, useInverseTextNormalization: 1 } }
            : { ...modelConfig, paraformer: { model } },
      }),
  );
}

async function openOnline(key: string): Promise<OnlineRecognizer> {
  const { files, threads } = JSON.parse(key) as Pick<HearCall, 'files' | 'threads'>;
  if (files.kind !== 'zipformer') throw new Error('This model hears as a whole; it does not listen.');
  const { OnlineRecognizer } = await loadSherpa();
  const { encoder, decoder, joiner, tokens } = files;
  return opened(
    encoder,
    () =>
      new OnlineRecognizer({
        modelConfig: { tokens, numThreads: threads, provider: 'cpu', transducer: { encoder, decoder, joiner } },
        enableEndpoint: true,
        rule1MinTrailingSilence: SILENCE_S.before,
        rule2MinTrailingSilence: SILENCE_S.after,
        rule3MinUtteranceLength: NEVER_S,
      }),
  );
}

async function openDiarisation(key: string): Promise<OfflineDiarisation> {
  const { files, threads } = JSON.parse(key) as Pick<DiariseCall, 'files' | 'threads'>;
  const { OfflineSpeakerDiarization } = await loadSherpa();
  const each = { numThreads: threads, provider: 'cpu' } as const;
  const { threshold, minDurationOn, minDurationOff } = SPEAKERS;
  return opened(
    files.segmentation,
    () =>
      new OfflineSpeakerDiarization({
        segmentation: { ...each, pyannote: { model: files.segmentation } },
        embedding: { ...each, model: files.embedding },
        clustering: { numClusters: -1, threshold },
        minDurationOn,
        minDurationOff,
      }),
  );
}

function opened<T>(model: string, open: () => T): T {
  try {
    return open();
  } catch (cause) {
    throw new SensoriumError('hear.model-unusable', `sherpa-onnx does not open ${model.split(/[\\/]/).at(-1)}.`, {
      hint: 'Get the whole release again; the files may come from two of them, or be broken.',
      cause,
    });
  }
}
