import { type FfmpegRun, runFfmpeg } from '../ffmpeg.ts';

/** How a run of ffmpeg ended. `stderr` is the end of what it complained about. */
export interface Transcoded {
  readonly outcome: 'done' | 'failed' | 'timed-out';
  readonly stderr: string;
}

/** No block of memory that ffmpeg asks for may be larger: 100 megapixels with 8 bytes each fit, a crafted head does not. */
export const MAX_BLOCK = ['-max_alloc', String(2 ** 30)];

/**
 * Runs ffmpeg to its end, with files as input and output (`file:…`), for at most `timeoutMs`; what it prints goes to
 * `onOutput`. Cancelling kills it and throws `kit.cancelled`. What it had written until then is the caller's to remove.
 */
export async function transcode(
  program: string,
  input: readonly string[],
  output: readonly string[],
  options: {
    readonly signal: AbortSignal;
    readonly timeoutMs: number;
    readonly onOutput?: ((bytes: Buffer) => void) | undefined;
  },
): Promise<Transcoded> {
  const timer = new AbortController();
  const timeout = setTimeout(() => timer.abort(), options.timeoutMs);
  let run: FfmpegRun | undefined;
  try {
    run = runFfmpeg(
      program,
      [...MAX_BLOCK, ...input],
      ['-y', ...output],
      AbortSignal.any([options.signal, timer.signal]),
    );
    for await (const bytes of run.output) options.onOutput?.(bytes);
    const { code, stderr } = await run.ended;
    return { outcome: code === 0 ? 'done' : 'failed', stderr };
  } catch (error) {
    const { stderr } = (await run?.ended) ?? { stderr: '' };
    if (timer.signal.aborted && !options.signal.aborted) return { outcome: 'timed-out', stderr };
    throw error;
  } finally {
    clearTimeout(timeout);
  }
}
