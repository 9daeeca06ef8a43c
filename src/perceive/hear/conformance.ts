import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TimeSpan } from '#contract/finding.ts';
import type { Loss } from '#contract/loss.ts';
import type { Sound } from '#contract/media.ts';
import type { Segment } from '#contract/perception.ts';
import type { Recogniser } from '#contract/ports.ts';
import { joinWords } from './script.ts';

/** A recording with a voice in it, for the exam: at least four words in one of the recogniser's languages. */
export interface ExamRecording {
  readonly sound: Sound;
  readonly speech: readonly TimeSpan[];
  readonly durationMs: number;
}

/** Fewer figures than this may be equal by chance. */
const LEAST_FIGURES = 4;

/**
 * The kinds of figures that are one and the same number throughout: a recogniser that knows nothing says `null`, and no
 * measurement of real speech comes out the same for every word.
 */
export function constantFigures(segments: readonly Segment[]): string[] {
  const words = segments.flatMap((segment) => segment.words);
  const figures: Record<string, readonly (number | null)[]> = {
    'word confidence': words.map((word) => word.confidence),
    'token log-probability': words.flatMap((word) => word.tokens.map((token) => token.logprob)),
    'no-speech probability': segments.map((segment) => segment.noSpeechProbability),
    'mean log-probability': segments.map((segment) => segment.meanLogprob),
  };
  return Object.entries(figures)
    .filter(([, values]) => {
      const known = values.filter((value) => value !== null);
      return known.length >= LEAST_FIGURES && new Set(known).size === 1;
    })
    .map(([name]) => name);
}

/** The exam every recogniser has to pass. Registers its tests; call it inside a test file. */
export function recogniserExam(
  name: string,
  make: () => Promise<Recogniser>,
  recording: () => Promise<ExamRecording>,
): void {
  describe(`recogniser exam: ${name}`, () => {
    let engine: Recogniser;
    let clip: ExamRecording;
    let segments: Segment[];

    async function hearAll(
      signal = new AbortController().signal,
      speech = clip.speech,
      prompt?: string,
      losses: Loss[] = [],
    ): Promise<Segment[]> {
      const heard: Segment[] = [];
      const call = { part: 'part-1', sound: clip.sound, speech, prompt };
      for await (const segment of engine.hear(call, { signal, note: (loss) => losses.push(loss) })) heard.push(segment);
      return heard;
    }

    beforeAll(async () => {
      engine = await make();
      clip = await recording();
      segments = await hearAll();
    });
    afterAll(() => engine.close());

    it('hears words where there is a voice', () => {
      expect(segments.flatMap((segment) => segment.words).length).toBeGreaterThan(0);
    });

    it('gives times in order, within the recording and within speech', () => {
      let lastMs = 0;
      let lastEndMs = 0;
      for (const segment of segments) {
        expect(segment.startMs).toBeGreaterThanOrEqual(lastEndMs);
        lastEndMs = segment.endMs;
        expect(segment.startMs).toBe(segment.words[0]?.startMs);
        expect(segment.endMs).toBe(segment.words.at(-1)?.endMs);
        for (const { startMs, endMs } of segment.words) {
          expect(startMs).toBeGreaterThanOrEqual(lastMs);
          expect(endMs).toBeGreaterThanOrEqual(startMs);
          // Times are whole milliseconds, the recording's length and the speech found need not be.
          expect(endMs).toBeLessThanOrEqual(Math.ceil(clip.durationMs));
          expect(clip.speech.some((span) => startMs >= span.startMs - 1 && endMs <= span.endMs + 1)).toBe(true);
          lastMs = startMs;
        }
      }
    });

    it('gives probabilities that are measured, or null with no source', () => {
      for (const word of segments.flatMap((segment) => segment.words)) {
        expect(word.confidence === null).toBe(word.confidenceSource === null);
        if (word.confidence !== null) {
          expect(word.confidence).toBeGreaterThanOrEqual(0);
          expect(word.confidence).toBeLessThanOrEqual(1);
        }
        for (const { logprob } of word.tokens) if (logprob !== null) expect(logprob).toBeLessThanOrEqual(0);
        if (engine.capabilities.tokenLogprobs === true) {
          expect(word.confidence).not.toBeNull();
          expect(word.tokens.length).toBeGreaterThan(0);
        }
      }
    });

    it('gives no figure that is always the same, as one that nobody measured would be', () => {
      expect(constantFigures(segments)).toEqual([]);
    });

    it('takes a prompt, heeded or not, says when none of it can be used, and measures as before', async () => {
      const words = segments.flatMap((segment) => segment.words).map((word) => word.text);
      for (const prompt of [words.join(' '), '…', 'Popocatépetl 好 🐟']) {
        const losses: Loss[] = [];
        const heard = await hearAll(undefined, undefined, prompt, losses);
        expect(heard.flatMap((segment) => segment.words).length).toBeGreaterThan(0);
        expect(constantFigures(heard)).toEqual([]);
        for (const { tokens } of heard.flatMap((segment) => segment.words)) {
          for (const { logprob } of tokens) if (logprob !== null) expect(logprob).toBeLessThanOrEqual(0);
        }
        if (engine.capabilities.prompt === true && prompt === '…') {
          expect(losses).toContainEqual(expect.objectContaining({ kind: 'option-ignored', text: 'prompt' }));
        }
      }
      expect(await hearAll()).toEqual(segments);
    });

    it('writes text that is its words joined', () => {
      for (const { text, words } of segments) {
        expect(text).toBe(joinWords(words.map((word) => word.text)));
        expect(text).toBe(text.trim());
      }
    });

    it('says the same thing twice', async () => {
      expect(await hearAll()).toEqual(segments);
    });

    it('hears nothing where no voice was found', async () => {
      expect(await hearAll(undefined, [])).toEqual([]);
    });

    it('stops when it is cancelled, before and during, and hears again afterwards', async () => {
      await expect(hearAll(AbortSignal.abort())).rejects.toMatchObject({ code: 'kit.cancelled' });
      const controller = new AbortController();
      const aborting: Sound = {
        sampleRateHz: 16_000,
        async *pcm(signal) {
          for await (const chunk of clip.sound.pcm(signal)) {
            setImmediate(() => controller.abort());
            yield chunk;
            await new Promise((resolve) => setTimeout(resolve, 5));
          }
        },
      };
      const call = { part: 'part-1', sound: aborting, speech: clip.speech };
      const cancelled = (async () => {
        for await (const _ of engine.hear(call, { signal: controller.signal, note: () => {} }));
      })();
      await expect(cancelled).rejects.toMatchObject({ code: 'kit.cancelled' });
      expect(await hearAll()).toEqual(segments);
    });
  });
}
