import type { PipelineEvent } from '#contract/events.ts';
import type { Report } from '#contract/report.ts';
import { channel } from '#kit/channel.ts';
import { encodeWholeSound, type SoundFormat } from '#pipeline/index.ts';

/** Reads a spoken answer’s story to its end, its sound being encoded as it is made. No sound gives `null`. */
export async function spokenReport(
  events: AsyncIterable<PipelineEvent>,
  format: SoundFormat,
  signal: AbortSignal,
): Promise<{ report: Report; sound: Uint8Array | null }> {
  const pcm = channel<Float32Array>();
  let encoding: Promise<Uint8Array> | null = null;
  let report: Report | null = null;
  try {
    for await (const event of events) {
      if (event.kind === 'report-made') report = event.report;
      if (event.kind !== 'speech-chunk') continue;
      encoding ??= encodeWholeSound(pcm, { format, sampleRateHz: event.sampleRateHz }, { signal });
      encoding.catch(() => {});
      pcm.push(event.pcm);
    }
  } catch (error) {
    pcm.fail(error);
    throw error;
  }
  pcm.end();
  if (!report) throw new Error('A story ended without a report.');
  return { report, sound: await encoding };
}
