import { basename, resolve } from 'node:path';
import { lossOf } from '#contract/loss.ts';
import type { Segment } from '#contract/perception.ts';
import type { Recogniser } from '#contract/ports.ts';
import { type LineOptions, startWorker, workerModule } from '#runtime/worker/host.ts';
import type { CutLimits } from '../../cut.ts';
import { readPieces } from '../../pieces.ts';
import { recogniserFiles, type SherpaKind } from './files.ts';
import { explained } from './unfit.ts';
import type { HearCall } from './worker.ts';

/** What is known of each kind beforehand. `limits`: as long as it can be heard at once, in pieces with labels of their own. */
interface Kind {
  readonly languages: Recogniser['capabilities']['languages'];
  readonly tokenLogprobs: boolean;
  readonly limits: CutLimits;
  readonly method: 'hear' | 'listen';
}

const KINDS: Readonly<Record<SherpaKind, Kind>> = {
  // Trained on stretches of up to 30 s; each tells one language and one feeling, so short pieces tell more.
  sensevoice: {
    languages: ['zh', 'en', 'yue', 'ja', 'ko'],
    tokenLogprobs: false,
    limits: { maxMs: 20_000, maxPauseMs: 1_000, padMs: 300 },
    method: 'hear',
  },
  paraformer: {
    languages: ['zh', 'en'],
    tokenLogprobs: false,
    limits: { maxMs: 20_000, maxPauseMs: 2_000, padMs: 300 },
    method: 'hear',
  },
  // It forgets nothing in a pause, so only memory limits a piece.
  zipformer: {
    languages: 'any',
    tokenLogprobs: true,
    limits: { maxMs: 60_000, maxPauseMs: 5_000, padMs: 300 },
    method: 'listen',
  },
};

/** Languages as the releases of streaming Zipformers write them in their names. */
const NAMED: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['ar', 'bn', 'de', 'en', 'es', 'fr', 'id', 'ja', 'ko', 'ru', 'th', 'vi', 'zh'].map((tag) => [tag, tag]),
  ),
  chinese: 'zh',
  english: 'en',
  korean: 'ko',
};

/**
 * A recogniser of sherpa-onnx with the model in a folder, as the official releases lay it out. SenseVoice also tells language,
 * feeling and sounds, without probabilities; Zipformer tells each segment as it ends, with token probabilities. Throws
 * `hear.model-unusable` when a file is missing or foreign.
 */
export async function sherpaRecogniser(
  kind: SherpaKind,
  folder: string,
  { threads = 1, maxWaiting }: LineOptions & { readonly threads?: number | undefined } = {},
): Promise<Recogniser> {
  const files = await recogniserFiles(kind, resolve(folder));
  const { tokenLogprobs, limits, method, ...known } = KINDS[kind];
  const id = `${kind}:${basename(resolve(folder))}`;
  const languages = known.languages === 'any' ? namedLanguages(basename(resolve(folder))) : known.languages;
  const worker = startWorker(workerModule(import.meta.url), { name: kind, maxWaiting });
  return {
    id,
    capabilities: { languages, tokenLogprobs, wordTimes: 'model', prompt: false },
    async *hear({ part, sound, speech, language }, { signal, note }) {
      let begun = false;
      for await (const piece of readPieces(sound, speech, limits, signal)) {
        const call: HearCall = {
          files,
          threads,
          language: kind === 'sensevoice' && language && known.languages.includes(language) ? language : 'auto',
          samples: piece.samples,
          fromMs: piece.fromMs,
          speech: piece.speech,
          source: id,
        };
        if (piece.cutInSpeech) {
          const endMs = piece.speech.at(-1)?.endMs ?? 0;
          note(
            lossOf({
              kind: 'cut-in-speech',
              stage: 'perceive',
              part,
              engine: id,
              time: { startMs: piece.speech[0]?.startMs ?? 0, endMs },
              message: `No pause in ${limits.maxMs / 1000} s of speech: a word may be split at ${(endMs / 1000).toFixed(1)} s.`,
              action: 'cut at the quietest moment',
            }),
          );
        }
        try {
          if (method === 'listen') yield* worker.stream<Segment>('listen', call, signal, { begun });
          else {
            const segment = await worker.call<Segment | null>('hear', call, signal, { begun });
            if (segment) yield segment;
          }
        } catch (error) {
          throw explained(error, id);
        }
        begun = true;
      }
    },
    close: () => worker.close(),
  };
}

// sherpa-onnx-streaming-zipformer-bilingual-zh-en-2023-02-20 knows zh and en; a folder of another name does not say.
function namedLanguages(folder: string): readonly string[] | 'any' {
  const named = folder
    .toLowerCase()
    .split(/[-_.]/)
    .flatMap((word) => (Object.hasOwn(NAMED, word) ? [NAMED[word] ?? ''] : []));
  return named.length > 0 ? [...new Set(named)] : 'any';
}
