import type { Report } from '#contract/report.ts';
import { channel } from '#kit/channel.ts';
import { encodeWholeSound, type SoundFormat } from '#pipeline/index.ts';
import { reportOf, type Told } from './whole.ts';

/** Reads a spoken answer’s story to its end, its sound being encoded as it is made. No sound gives `null`. */
export async function spokenReport(
  tell: Told,
  format: SoundFormat,
  signal: AbortSignal,
): Promise<{ report: Report; sound: Uint8Array | null }> {
  const pcm = channel<Float32Array>();
  let encoding: Promise<Uint8Array> | null = null;
  try {
    const report = await reportOf((onEvent) =>
      tell((event) => {
        onEvent(event);
        if (event.kind !== 'speech-chunk') return;
        encoding ??= encodeWholeSound(pcm, { format, sampleRateHz: event.sampleRateHz }, { signal });
        encoding.catch(() => {});
        pcm.push(event.pcm);
      }),
    );
    pcm.end();
    return { report, sound: await encoding };
  } catch (error) {
    pcm.fail(error);
    throw error;
  }
}
