import { lossOf } from '#contract/loss.ts';
import type { Recogniser } from '#contract/ports.ts';
import { type LineOptions, startWorker, type Worker, workerModule } from '#runtime/worker/host.ts';
import type { CutLimits } from '../../cut.ts';
import { readPieces } from '../../pieces.ts';
import { handsOutAttention, readFolder } from './folder.ts';
import { tagOf } from './languages.ts';
import { MOST_PROMPT_TOKENS } from './prompt.ts';
import type { HearCall, HearReply, IdentifyReply } from './worker.ts';

/** Whisper hears up to 30 s at once. Chosen by measurement (docs/decisions/2026-11-26-whisper.md). */
const LIMITS: CutLimits = { maxMs: 28_000, maxPauseMs: 2_000, padMs: 300 };
/** For encoding; more have not been tried. */
const THREADS = 2;

/** `id` is what it is called in reports; `threads` is a wish. */
export interface WhisperOptions extends LineOptions {
  readonly id?: string | undefined;
  readonly threads?: number | undefined;
}

/**
 * Whisper from a folder in the Hugging Face layout, of any size: token probabilities, the language of each piece with its
 * probability, word times from attention where the decoder hands it out. Throws `hear.model-unusable` when the folder holds no
 * Whisper model.
 */
export async function whisper(modelDir: string, options: WhisperOptions = {}): Promise<Recogniser> {
  const { id = 'whisper-base', threads = THREADS, maxWaiting } = options;
  const folder = await readFolder(modelDir);
  const languages = [...folder.tokens.languages.keys()].map(tagOf);
  const follows = folder.followingHeads.length > 0 && (await handsOutAttention(folder.decoder));
  const worker = startWorker(workerModule(import.meta.url), { maxWaiting });
  const wordTimes = follows ? 'attention' : 'interpolated';
  return recogniserOf(worker, { modelDir, engine: id, threads }, { languages, wordTimes });
}

/** The recogniser over a worker process. `languages` are those it has tokens for, none when it knows only English. */
export function recogniserOf(
  worker: Pick<Worker, 'call' | 'close'>,
  common: Pick<HearCall, 'modelDir' | 'engine' | 'threads'>,
  { languages, wordTimes }: { readonly languages: readonly string[]; readonly wordTimes: 'attention' | 'interpolated' },
): Recogniser {
  const id = common.engine;
  return {
    id,
    capabilities: {
      languages: languages.length > 0 ? languages : ['en'],
      tokenLogprobs: true,
      wordTimes,
      prompt: true,
    },
    async *hear({ part, sound, speech, language, prompt }, { signal, note }) {
      let isFirst = true;
      for await (const { samples, fromMs, speech: spans, cutInSpeech } of readPieces(sound, speech, LIMITS, signal)) {
        const call: HearCall = { ...common, samples, fromMs, speech: spans, language, prompt };
        const reply = await worker.call<HearReply>('hear', call, signal, { begun: !isFirst });
        const ignored = isFirst && reply.prompt && ignoredOf(reply.prompt);
        if (ignored) {
          note(lossOf({ stage: 'perceive', part, engine: id, kind: 'option-ignored', text: 'prompt', ...ignored }));
        }
        isFirst = false;
        if (cutInSpeech) {
          const time = { startMs: spans[0]?.startMs ?? 0, endMs: spans.at(-1)?.endMs ?? 0 };
          note(
            lossOf({
              stage: 'perceive',
              part,
              engine: id,
              time,
              kind: 'cut-in-speech',
              message: `No pause in ${LIMITS.maxMs / 1000} s of speech: a word may be split at ${(time.endMs / 1000).toFixed(1)} s.`,
              action: 'cut at the quietest moment',
            }),
          );
        }
        for (const { segment, ended } of reply.segments) {
          if (!ended) {
            note(
              lossOf({
                stage: 'perceive',
                part,
                engine: id,
                time: { startMs: segment.startMs, endMs: segment.endMs },
                kind: 'text-truncated',
                message: 'The recogniser wrote up to its limit, or round in a loop, and came to no end.',
                action: 'the text stops there',
              }),
            );
          }
          yield segment;
        }
      }
    },
    ...(languages.length > 0 && {
      identifier: {
        id,
        async identify({ sound, speech }, signal) {
          for await (const { samples, fromMs, speech: spans } of readPieces(sound, speech, LIMITS, signal)) {
            const call: HearCall = { ...common, samples, fromMs, speech: spans };
            return (await worker.call<IdentifyReply>('identify', call, signal)).languages;
          }
          return [];
        },
      },
    }),
    close: () => worker.close(),
  };
}

function ignoredOf({ tokens, leftOut }: NonNullable<HearReply['prompt']>) {
  if (tokens === 0) return { message: 'The prompt has no letter or digit in it.', action: 'heard without it' };
  if (leftOut === 0) return null;
  return {
    extent: leftOut,
    unit: 'tokens',
    message: `The prompt is longer than ${MOST_PROMPT_TOKENS} tokens; what comes before the last ${MOST_PROMPT_TOKENS} is not heeded.`,
    action: 'heard with the rest',
  };
}
