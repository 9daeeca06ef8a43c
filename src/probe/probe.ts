import type { Finding, SoundFinding } from '#contract/finding.ts';
import { type Loss, lossOf } from '#contract/loss.ts';
import type { MediaPart, Sound } from '#contract/media.ts';
import { levelMeter } from './levels.ts';
import type { VoiceDetector } from './voice-detector.ts';

export interface ProbeOptions {
  readonly detector: VoiceDetector;
  readonly signal: AbortSignal;
  readonly note: (loss: Loss) => void;
}

const CLIPPED_RATIO = 0.001;
const NOISY_DB = 10;

/**
 * Looks at a part before anything is decided about it. Sound is listened to once, in bounded memory: how long, where a voice is,
 * how loud, how clean. Notes what is wrong with it as losses. Parts without sound are only said to be unread.
 */
export async function probe(part: MediaPart, options: ProbeOptions): Promise<Finding> {
  if (!part.sound) {
    return { part: part.media.part, kind: 'unread', reason: `nothing here looks into ${part.media.kind} parts yet` };
  }
  const finding = await listen(part.media.part, part.sound, options);
  for (const loss of losses(finding)) options.note(loss);
  return finding;
}

async function listen(part: string, sound: Sound, { detector, signal }: ProbeOptions): Promise<SoundFinding> {
  const meter = levelMeter();
  const speech = await detector.detect(meter.through(sound.pcm(signal)), signal);
  const { samples, invalid, clipped, ...levels } = meter.levels(speech);
  // The sound knows its samples as they were stored; what arrives here is already mended and resampled.
  const counts = sound.counts?.() ?? { total: samples, invalid, clipped };
  const spokenMs = speech.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
  return {
    part,
    kind: 'sound',
    ...levels,
    speech: [...speech],
    speechRatio: levels.durationMs > 0 ? Math.min(1, spokenMs / levels.durationMs) : 0,
    speechSource: detector.id,
    clippedRatio: counts.total > 0 ? counts.clipped / counts.total : 0,
    invalidSamples: counts.invalid,
  };
}

function* losses(found: SoundFinding): Generator<Loss> {
  const common = { stage: 'probe', part: found.part } as const;
  if (found.clippedRatio > CLIPPED_RATIO) {
    const percent = (found.clippedRatio * 100).toFixed(1);
    yield lossOf({
      ...common,
      kind: 'clipped',
      extent: found.clippedRatio,
      unit: 'share of samples',
      message: `The recording is overdriven: ${percent} % of its samples are at full scale.`,
    });
  }
  if (found.snrDb !== null && found.snrDb < NOISY_DB) {
    yield lossOf({
      ...common,
      kind: 'noisy',
      engine: found.speechSource,
      extent: found.snrDb,
      unit: 'dB',
      certainty: 'estimated',
      message: `The recording is noisy: the voice is ${found.snrDb.toFixed(0)} dB above what is heard between.`,
    });
  }
  if (found.invalidSamples > 0) {
    yield lossOf({
      ...common,
      kind: 'invalid-samples',
      extent: found.invalidSamples,
      unit: 'samples',
      message: `${found.invalidSamples} samples are no numbers.`,
      action: 'read as silence',
    });
  }
}
