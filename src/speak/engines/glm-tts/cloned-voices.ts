import { SensoriumError } from '#contract/error.ts';
import { type Endpoint, peerAt } from '#upstream/endpoint.ts';
import { glmHeaders, glmMeaning } from '#upstream/glm.ts';
import { messagesOf } from '#upstream/messages.ts';
import { AGENT, addressBelow } from '#upstream/request.ts';
import { PATIENCE, send } from '#upstream/send.ts';

/** A voice that was cloned for this key. `voice` is what a request calls it, `name` what its owner does. */
export interface ClonedVoice {
  readonly voice: string;
  readonly name: string;
}

/** The voices cloned for this key. Throws `speak.*`. */
export async function listClonedVoices(endpoint: Endpoint, signal: AbortSignal): Promise<readonly ClonedVoice[]> {
  const { baseUrl } = endpoint;
  const peer = peerAt('speak', endpoint, 'glm-tts-clone', glmMeaning);
  const patience = { ...PATIENCE, ...endpoint.patience };
  const authorise = glmHeaders(endpoint, 'speak');
  const outcome = await send(addressBelow(baseUrl, 'voice/list?voiceType=PRIVATE'), {
    method: 'GET',
    headers: () => ({ ...AGENT, ...authorise(), accept: 'application/json' }),
    body: null,
    peer,
    patience,
    headTimeoutMs: patience.headTimeoutMs,
    signal,
  });
  if (outcome.kind === 'refusal') throw outcome.error;
  for await (const message of messagesOf(outcome.reply, peer, signal)) {
    const { voice_list: list } = (message ?? {}) as { voice_list?: unknown };
    if (Array.isArray(list)) return list.flatMap(clonedIn);
  }
  throw new SensoriumError(
    'speak.upstream-failed',
    `${baseUrl.host} answered with something that is no list of voices.`,
    {
      hint: 'Check that the base URL is that of Zhipu’s API.',
      details: { host: baseUrl.host },
    },
  );
}

function clonedIn(row: unknown): ClonedVoice[] {
  const { voice, voice_name: name } = (row ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof voice !== 'string' || voice === '') return [];
  return [{ voice, name: typeof name === 'string' ? name : voice }];
}
