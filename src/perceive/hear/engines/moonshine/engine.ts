import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { lossOf } from '#contract/loss.ts';
import type { Recogniser } from '#contract/ports.ts';
import { type LineOptions, startWorker, workerModule } from '#runtime/worker/host.ts';
import type { CutLimits } from '../../cut.ts';
import { readPieces } from '../../pieces.ts';
import { FILES, ID, MOST_PROMPT_WORDS } from './model.ts';
import type { HearCall, HearReply } from './worker.ts';

/**
 * The model was trained on up to 30 s and has room for 194 tokens, 29.8 s at its makers' 6.5 tokens a second. The padding
 * was chosen by measurement (docs/decisions/2026-11-23-hearing.md).
 */
const LIMITS: CutLimits = { maxMs: 15_000, maxPauseMs: 2_000, padMs: 300 };

/** Moonshine tiny: English speech, token probabilities, word times from attention. `modelDir` holds the model's files. */
export function moonshine(modelDir: string, line: LineOptions = {}): Recogniser {
  const worker = startWorker(workerModule(import.meta.url), { maxWaiting: line.maxWaiting });
  return {
    id: ID,
    capabilities: {
      languages: ['en'],
      tokenLogprobs: true,
      wordTimes: existsSync(join(modelDir, FILES.followingDecoder)) ? 'attention' : 'interpolated',
      prompt: true,
    },
    async *hear({ part, sound, speech, prompt }, { signal, note }) {
      let isFirst = true;
      for await (const piece of readPieces(sound, speech, LIMITS, signal)) {
        const time = { startMs: piece.speech[0]?.startMs ?? 0, endMs: piece.speech.at(-1)?.endMs ?? 0 };
        const call: HearCall = {
          modelDir,
          samples: piece.samples,
          fromMs: piece.fromMs,
          speech: piece.speech,
          prompt,
        };
        const { segment, ended, promptWords } = await worker.call<HearReply>('hear', call, signal, {
          begun: !isFirst,
        });
        const lost = { stage: 'perceive', part, engine: ID, time } as const;
        const ignored = isFirst && promptWords && ignoredOf(promptWords);
        if (ignored)
          note(lossOf({ stage: 'perceive', part, engine: ID, kind: 'option-ignored', text: 'prompt', ...ignored }));
        isFirst = false;
        if (piece.cutInSpeech) {
          note(
            lossOf({
              ...lost,
              kind: 'cut-in-speech',
              message: `No pause in ${LIMITS.maxMs / 1000} s of speech: a word may be split at ${(time.endMs / 1000).toFixed(1)} s.`,
              action: 'cut at the quietest moment',
            }),
          );
        }
        if (!ended && segment) {
          note(
            lossOf({
              ...lost,
              kind: 'text-truncated',
              message: 'The recogniser wrote up to its limit of 6.5 tokens a second and came to no end.',
              action: 'the text stops there',
            }),
          );
        }
        if (segment) yield segment;
      }
    },
    close: () => worker.close(),
  };
}

function ignoredOf({ count, leftOut }: NonNullable<HearReply['promptWords']>) {
  if (count === 0) {
    return {
      message: 'The prompt has no word that is rare enough to need help: names and terms would be.',
      action: 'heard without it',
    };
  }
  if (leftOut === 0) return null;
  return {
    extent: leftOut,
    unit: 'words',
    message: `The prompt has more than ${MOST_PROMPT_WORDS} rarer words; those before the last ${MOST_PROMPT_WORDS} are not favoured.`,
    action: 'heard with the rest',
  };
}
