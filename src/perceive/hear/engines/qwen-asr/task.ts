import { setTimeout as sleep } from 'node:timers/promises';
import type { CallContext, Recogniser } from '#contract/ports.ts';
import { nowMs } from '#kit/clock.ts';
import { pcm16 } from '#kit/pcm.ts';
import { openTask, type Task } from '#upstream/dashscope-task.ts';
import type { RemoteHearing } from '../remote/engine.ts';
import { remoteRecogniser, type ServerHeard, type SpokenPiece } from '../remote/recogniser.ts';
import { sentences } from './sentences.ts';

/** A tenth of a second of sound, and the pace it is made for. */
const FRAME_BYTES = 3_200;
const PACE_MS = 100;

const LIMITS = { maxMs: 30_000, maxPauseMs: 2_000, padMs: 300 };

/**
 * Fun-ASR and Paraformer on DashScope's task socket, which tell the time of each word. Sound is sent as fast as it was spoken;
 * `paceMs` is the time between two frames. Hot words would need a list made beforehand, so a prompt is not heeded.
 */
export function taskAsr(hearing: RemoteHearing, { paceMs = PACE_MS } = {}): Recogniser {
  async function transcribe(piece: SpokenPiece, { signal }: CallContext): Promise<ServerHeard> {
    const { language } = piece;
    const parameters = {
      format: 'pcm',
      sample_rate: 16_000,
      ...(language === undefined ? {} : { language_hints: [language.split('-', 1)[0]?.toLowerCase()] }),
    };
    const task = await openTask({ ...hearing, stage: 'hear', task: 'asr', parameters }, signal);
    const over = new AbortController();
    // What keeps a frame from leaving ends the reading as well, and better says why.
    const sending = sendPaced(task, pcm16(piece.samples), paceMs, over.signal).catch(() => {});
    try {
      const heard = sentences();
      for await (const news of task) if (news.kind === 'result') heard.take(news.output);
      return heard.whole();
    } finally {
      over.abort();
      task.close();
      await sending;
    }
  }

  return remoteRecogniser({
    id: hearing.id,
    capabilities: { languages: 'any', tokenLogprobs: false, wordTimes: 'model', prompt: false },
    limits: LIMITS,
    transcribe,
  });
}

async function sendPaced(task: Task, sound: Buffer, paceMs: number, signal: AbortSignal): Promise<void> {
  const startMs = nowMs();
  for (let at = 0; at < sound.length; at += FRAME_BYTES) {
    const waitMs = startMs + (at / FRAME_BYTES) * paceMs - nowMs();
    if (waitMs > 0) await sleep(waitMs, undefined, { signal });
    if (signal.aborted) return;
    await task.play(sound.subarray(at, at + FRAME_BYTES));
  }
  await task.finish();
}
