import { SensoriumError } from '#contract/error.ts';
import { type Loss, lossOf } from '#contract/loss.ts';
import type { CallContext, Recogniser } from '#contract/ports.ts';
import { peerAt } from '#upstream/endpoint.ts';
import type { Peer } from '#upstream/errors.ts';
import { glmHeaders, glmMeaning } from '#upstream/glm.ts';
import { messagesOf } from '#upstream/messages.ts';
import { multipart } from '#upstream/multipart.ts';
import { AGENT, addressBelow } from '#upstream/request.ts';
import { PATIENCE, send } from '#upstream/send.ts';
import type { RemoteHearing } from '../remote/engine.ts';
import { remoteRecogniser, type SpokenPiece } from '../remote/recogniser.ts';
import { hintsOf } from './hints.ts';

/** Zhipu takes 30 s at once; a piece has its padding besides. */
const LIMITS = { maxMs: 29_000, maxPauseMs: 2_000, padMs: 300 };

const ACCEPT = { accept: 'text/event-stream, application/json' } as const;

/** Zhipu’s GLM-ASR. A prompt that is a list of terms is sent as hotwords. Measures no probabilities and tells no times. */
export function glmAsr(hearing: RemoteHearing): Recogniser {
  const { id, model, baseUrl } = hearing;
  const patience = { ...PATIENCE, ...hearing.patience };
  const url = addressBelow(baseUrl, 'audio/transcriptions');
  const peer = peerAt('hear', hearing, model, glmMeaning);
  const authorise = glmHeaders(hearing, 'hear');
  /** Each piece of a recording comes with the same hints; what is wrong with them is told once. */
  const told = new WeakSet<CallContext>();

  function formOf(piece: SpokenPiece, { note }: CallContext, isFirst: boolean): ReturnType<typeof multipart> {
    const { hotwords, prompt, leftOut } = hintsOf(piece.prompt);
    if (isFirst && leftOut !== null) note(ignored(id, 'prompt', leftOut));
    if (isFirst && piece.language !== undefined) {
      note(ignored(id, 'language', 'The server cannot be told the language; it finds out by itself.'));
    }
    const fields = [
      ['model', model],
      ['stream', 'true'],
      ...hotwords.map((word) => ['hotwords', word] as const),
      ...(prompt === undefined ? [] : [['prompt', prompt] as const]),
    ] as const;
    return multipart(fields, { field: 'file', filename: 'speech.wav', mimeType: 'audio/wav', bytes: piece.wav() });
  }

  return remoteRecogniser({
    id,
    capabilities: { languages: 'any', tokenLogprobs: false, wordTimes: 'interpolated', prompt: true },
    limits: LIMITS,
    async transcribe(piece, context) {
      const { contentType, body } = formOf(piece, context, !told.has(context));
      told.add(context);
      const { signal } = context;
      const outcome = await send(url, {
        headers: () => ({ ...AGENT, ...authorise(), ...ACCEPT, 'content-type': contentType }),
        body,
        peer,
        patience,
        headTimeoutMs: patience.headTimeoutMs,
        signal,
      });
      if (outcome.kind === 'refusal') throw outcome.error;
      let text = '';
      for await (const message of messagesOf(outcome.reply, peer, signal)) text += textIn(message, peer);
      return { text };
    },
  });
}

function ignored(engine: string, text: string, message: string): Loss {
  return lossOf({ kind: 'option-ignored', stage: 'perceive', engine, text, message });
}

/** A piece of the text, or, from a server that does not stream, all of it. */
function textIn(message: unknown, { host, model }: Peer): string {
  const { type, delta, text } = (message ?? {}) as Readonly<Record<string, unknown>>;
  if (type === 'transcript.text.delta') return typeof delta === 'string' ? delta : '';
  if (typeof type === 'string') return '';
  if (typeof text === 'string') return text;
  throw new SensoriumError('hear.upstream-failed', `${host} answered with something that is no transcript.`, {
    hint: 'Check that the base URL is that of a server with Zhipu’s transcriptions.',
    details: { host, model },
  });
}
