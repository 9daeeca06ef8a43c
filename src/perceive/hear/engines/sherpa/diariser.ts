import { basename, resolve } from 'node:path';
import { lossOf } from '#contract/loss.ts';
import type { Sound } from '#contract/media.ts';
import type { Diariser } from '#contract/ports.ts';
import { throwIfCancelled } from '#kit/abort.ts';
import { type LineOptions, startWorker, workerModule } from '#runtime/worker/host.ts';
import { speakerFiles } from './files.ts';
import { explained } from './unfit.ts';
import type { DiariseCall, Turn } from './worker.ts';

/** Voices are told apart over a whole recording, which is held in memory (16 bit: 230 MB for this) and compared each with each. */
const MOST_MS = 2 * 3_600_000;
const SAMPLES_PER_MS = 16;

interface DiariserOptions extends LineOptions {
  readonly threads?: number | undefined;
  /** The longest recording in which voices are told apart; what comes after it is noted as `truncated`. */
  readonly mostMs?: number | undefined;
}

/**
 * Tells speakers apart with a pyannote segmentation and a speaker embedding, both in the folder. How many speak is found, not given.
 * Throws `hear.model-unusable` when a file is missing or foreign.
 */
export async function sherpaDiariser(folder: string, options: DiariserOptions = {}): Promise<Diariser> {
  const { threads = 1, mostMs = MOST_MS, maxWaiting } = options;
  const files = await speakerFiles(resolve(folder));
  const id = `pyannote:${basename(resolve(folder))}`;
  const worker = startWorker(workerModule(import.meta.url), { name: 'pyannote', maxWaiting });
  return {
    id,
    async diarise({ part, sound, speech }, { signal, note }) {
      throwIfCancelled(signal);
      if (speech.length === 0) return [];
      const { samples, leftSamples } = await readUpTo(sound, mostMs * SAMPLES_PER_MS, signal);
      const durationMs = samples.length / SAMPLES_PER_MS;
      if (leftSamples > 0) {
        const leftMs = Math.round(leftSamples / SAMPLES_PER_MS);
        note(
          lossOf({
            kind: 'truncated',
            stage: 'perceive',
            part,
            engine: id,
            time: { startMs: durationMs, endMs: durationMs + leftMs },
            extent: leftMs,
            unit: 'ms',
            message: `Speakers are told apart in the first ${Math.round(mostMs / 60_000)} minutes only.`,
            action: 'the rest has no speakers',
          }),
        );
      }
      const call: DiariseCall = { files, threads, samples };
      const turns = await worker.call<Turn[]>('diarise', call, signal).catch((error) => {
        throw explained(error, id);
      });
      return inOrderOfAppearance(turns, durationMs);
    },
    close: () => worker.close(),
  };
}

function inOrderOfAppearance(turns: readonly Turn[], durationMs: number) {
  const names = new Map<number, string>();
  return turns
    .map(({ startMs, endMs, speaker }) => ({
      startMs: Math.max(0, Math.round(startMs)),
      endMs: Math.min(durationMs, Math.round(endMs)),
      speaker,
    }))
    .filter(({ startMs, endMs }) => endMs > startMs)
    .sort((a, b) => a.startMs - b.startMs || a.endMs - b.endMs)
    .map(({ speaker, ...time }) => {
      const name = names.get(speaker) ?? `${names.size + 1}`;
      names.set(speaker, name);
      return { ...time, speaker: name };
    });
}

async function readUpTo(
  sound: Sound,
  mostSamples: number,
  signal: AbortSignal,
): Promise<{ samples: Int16Array; leftSamples: number }> {
  const chunks: Int16Array[] = [];
  let count = 0;
  let leftSamples = 0;
  for await (const chunk of sound.pcm(signal)) {
    throwIfCancelled(signal);
    const taken = chunk.subarray(0, mostSamples - count);
    if (taken.length > 0) chunks.push(Int16Array.from(taken, (value) => Math.max(-1, Math.min(1, value)) * 32_767));
    count += taken.length;
    leftSamples += chunk.length - taken.length;
  }
  const samples = new Int16Array(count);
  let at = 0;
  for (const chunk of chunks) {
    samples.set(chunk, at);
    at += chunk.length;
  }
  return { samples, leftSamples };
}
