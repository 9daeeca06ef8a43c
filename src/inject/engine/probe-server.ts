import { isSensoriumError } from '#contract/error.ts';
import type { Endpoint } from '#upstream/endpoint.ts';
import type { ServerFinding } from '../gate/check-server.ts';
import { unsafeVllm } from './server-versions.ts';
import { type VectorServer, vectorServer } from './vector-server.ts';

/** Refusals that say nothing about vectors: whoever asks must hear them as they are. */
const OTHER_TROUBLE: ReadonlySet<string> = new Set([
  ...[
    'ask.key-refused',
    'ask.unreachable',
    'ask.rate-limited',
    'ask.quota-spent',
    'ask.unknown-model',
    'kit.cancelled',
  ],
]);

/**
 * Check G0 of the gate: whether a server takes vectors, by sending it one vector of `width` numbers, and then another. The version is asked
 * first, and nothing is sent to one that vectors can break. Throws `ask.*` where the server cannot be asked at all, and with
 * `EMB_WIDTH` in the details where it takes vectors of another width.
 */
export async function probeServer(options: {
  readonly endpoint: Endpoint;
  readonly model: string;
  readonly width: number;
  readonly signal: AbortSignal;
}): Promise<ServerFinding> {
  const { endpoint, model, width, signal } = options;
  let version: string | null = null;
  try {
    const server = vectorServer(endpoint, model);
    version = await server.version(signal);
    const why = version === null || server.name !== 'vLLM' ? null : unsafeVllm(version, model);
    const told = `${server.name} ${version ?? 'of a version it does not tell'}`;
    if (why !== null) return { outcome: 'unsafe-version', version, message: `${told}: ${why}.` };
    if (await answersAlike(server, width, signal)) {
      const message = `${told} answers the same whatever vectors it is sent, so it passes over them.`;
      return { outcome: 'unsupported', version, message };
    }
    return { outcome: 'accepted', version, message: `${told} takes vectors.` };
  } catch (error) {
    if (!isSensoriumError(error) || OTHER_TROUBLE.has(error.code)) throw error;
    const { code } = error.details;
    if (code === 'EMB_WIDTH') throw error;
    return { outcome: code === 'EMB_SERVER_FLAG_OFF' ? 'flag-off' : 'unsupported', version, message: error.message };
  }
}

/** Two vectors as far from each other as can be; a server that reads them is not as sure of the next token after both. */
async function answersAlike(server: VectorServer, width: number, signal: AbortSignal): Promise<boolean> {
  const values = Float32Array.from({ length: width }, (_, at) => (at % 2 === 0 ? 0.25 : 0.125));
  const ask = (rows: Float32Array) => server.write({ rows: 1, width, values: rows }, 1, 1, signal);
  const first = await ask(values);
  const second = await ask(values.map((value) => -2 * value));
  return JSON.stringify(first) === JSON.stringify(second);
}
