import { SensoriumError } from '#contract/error.ts';
import { request } from '#kit/http.ts';
import { connectionError, type Peer } from '#upstream/errors.ts';
import { AGENT } from '#upstream/request.ts';
import type { Patience } from '#upstream/send.ts';
import { soundBytes } from '../remote/sound-bytes.ts';

const RATE_HZ = 24_000;
/** Where the vendor keeps its files. */
const FILE_HOSTS = /\.aliyuncs\.com$/;

/**
 * The sound of the WAV at an address that the server gave, as mono 16-bit PCM at 24 kHz. The key is not shown there. Throws
 * `speak.upstream-failed` for an address on somebody else's host, one that has expired, and a file that is no such sound.
 */
export async function* soundAt(
  address: string,
  {
    baseUrl,
    peer,
    patience,
    signal,
  }: { readonly baseUrl: URL; readonly peer: Peer; readonly patience: Patience; readonly signal: AbortSignal },
): AsyncGenerator<Uint8Array> {
  const url = URL.canParse(address) ? new URL(address) : null;
  const isTheirs = url !== null && (url.host === baseUrl.host || FILE_HOSTS.test(url.hostname));
  if (!isTheirs || !/^https?:$/.test(url.protocol))
    throw failed(peer, 'named a place for its sound that is not its own');
  const { connectTimeoutMs, headTimeoutMs, stallTimeoutMs } = patience;
  const reply = await request(url, { headers: AGENT, signal, connectTimeoutMs, headTimeoutMs, stallTimeoutMs }).catch(
    (thrown: unknown) => {
      throw connectionError(thrown, 'connecting', peer, signal);
    },
  );
  const sound = soundBytes({ plainRateHz: RATE_HZ, toHz: RATE_HZ });
  try {
    if (reply.status === 403) throw failed(peer, 'no longer has the sound it made');
    if (reply.status !== 200) throw failed(peer, `answered ${reply.status} where its sound should be`);
    for await (const bytes of reply.body) yield sound.push(bytes);
    yield sound.end();
  } catch (thrown) {
    throw connectionError(thrown, 'answering', peer, signal);
  } finally {
    if (!reply.body.complete) reply.body.destroy();
  }
}

function failed({ host, model }: Peer, what: string): SensoriumError {
  return new SensoriumError('speak.upstream-failed', `${host} ${what}.`, {
    hint: 'Ask again; if it stays so, look at the server.',
    details: { host, model },
  });
}
