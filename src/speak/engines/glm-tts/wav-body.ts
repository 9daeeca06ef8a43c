import { SensoriumError } from '#contract/error.ts';
import type { HttpReply } from '#kit/http.ts';
import { wavFormatOf } from '#kit/wav-format.ts';
import { connectionError, type Peer } from '#upstream/errors.ts';

const UNKNOWN_BYTES: ReadonlySet<number> = new Set([0, 0xffffffff]);

/**
 * The samples of a reply that is a WAV file: mono, 16 bit, at the rate that is expected. Throws `speak.upstream-failed` for any
 * other, and for one that ends before its header says.
 */
export async function* wavBody(
  reply: HttpReply,
  rateHz: number,
  peer: Peer,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  let head = Buffer.alloc(0);
  let leftBytes: number | null = null;
  try {
    for await (const bytes of reply.body) {
      let sound = bytes;
      if (leftBytes === null) {
        head = Buffer.concat([head, bytes]);
        const format = wavFormatOf(head, false);
        if (format === null) continue;
        const fits = format !== 'none' && format.tag === 1 && format.bitsPerSample === 16 && format.channels === 1;
        if (!fits || format.rateHz !== rateHz) throw unusable(peer, `sound that is not WAV, mono, at ${rateHz} Hz`);
        leftBytes = UNKNOWN_BYTES.has(format.dataBytes) ? Number.POSITIVE_INFINITY : format.dataBytes;
        sound = head.subarray(format.skipBytes);
      }
      // Other chunks may follow the samples.
      const part = sound.subarray(0, Math.min(sound.length, leftBytes));
      leftBytes -= part.length;
      if (part.length > 0) yield part;
    }
  } catch (thrown) {
    reply.body.destroy();
    throw connectionError(thrown, 'answering', peer, signal);
  }
  if (leftBytes === null) throw unusable(peer, `sound that is not WAV, mono, at ${rateHz} Hz`);
  if (leftBytes > 0 && Number.isFinite(leftBytes)) throw unusable(peer, 'sound that ends before its header says');
}

function unusable({ host, model }: Peer, what: string): SensoriumError {
  return new SensoriumError('speak.upstream-failed', `${host} sent ${what}.`, {
    hint: 'Ask again; if it stays so, look at the server.',
    details: { host, model },
  });
}
