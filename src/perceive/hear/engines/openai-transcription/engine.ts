import { SensoriumError } from '#contract/error.ts';
import { lossOf } from '#contract/loss.ts';
import type { CallContext, Recogniser } from '#contract/ports.ts';
import { peerAt } from '#upstream/endpoint.ts';
import { connectionError, type Peer, refusalError, refusalIn } from '#upstream/errors.ts';
import { type Line, readWhole } from '#upstream/lines.ts';
import { multipart } from '#upstream/multipart.ts';
import { AGENT, addressBelow, bearer } from '#upstream/request.ts';
import { PATIENCE, send } from '#upstream/send.ts';
import type { CutLimits } from '../../cut.ts';
import type { RemoteHearing } from '../remote/engine.ts';
import { remoteRecogniser, type ServerHeard, type SpokenPiece } from '../remote/recogniser.ts';
import { heardIn } from './answer.ts';
import { fieldsFor, kindOf, LOST, refusedField } from './form.ts';

/** A minute of 16-bit WAV is 1.9 MB, far below the 25 MB that OpenAI takes, and soon heard. */
const LIMITS: CutLimits = { maxMs: 60_000, maxPauseMs: 3_000, padMs: 200 };

/**
 * A recogniser behind `POST /audio/transcriptions`: OpenAI's, or anybody's who offers the same (Groq, Mistral, Speaches, vLLM,
 * Xinference, Ollama). Asks for the times of words or the probabilities of tokens where the model has them. Throws `hear.*`.
 */
export function openAiTranscription(hearing: RemoteHearing): Recogniser {
  const { id, model, baseUrl, keys } = hearing;
  const kind = kindOf(model);
  const patience = { ...PATIENCE, ...hearing.patience };
  const url = addressBelow(baseUrl, 'audio/transcriptions');
  const peer = peerAt('hear', hearing, model);
  const refused = new Set<string>();
  const noted = new WeakMap<CallContext, Set<string>>();

  function noteOnce(field: string, context: CallContext): void {
    const told = noted.get(context) ?? new Set();
    noted.set(context, told);
    const lost = LOST[field];
    if (!lost || told.has(lost.option)) return;
    told.add(lost.option);
    context.note(
      lossOf({ kind: 'option-ignored', stage: 'perceive', engine: id, text: lost.option, message: lost.message }),
    );
  }

  async function transcribe(piece: SpokenPiece, context: CallContext): Promise<ServerHeard> {
    const { signal } = context;
    const wav = piece.wav();
    if (piece.prompt !== undefined && !kind.takesPrompt) noteOnce('prompt', context);
    for (;;) {
      const fields = fieldsFor(model, piece, refused);
      const wished = fieldsFor(model, piece, new Set());
      const form = multipart(fields, { field: 'file', filename: 'speech.wav', mimeType: 'audio/wav', bytes: wav });
      const headers = {
        'content-type': form.contentType,
        ...AGENT,
        ...bearer(keys.apiKey),
        accept: 'application/json',
      };
      const outcome = await send(url, {
        headers,
        body: form.body,
        peer,
        patience,
        headTimeoutMs: patience.wholeTimeoutMs,
        signal,
      });
      if (outcome.kind === 'refusal') {
        const { status } = outcome.refusal;
        const field = status === 400 || status === 422 ? refusedField(outcome.refusal, fields) : null;
        if (field === null) throw outcome.error;
        refused.add(field);
        continue;
      }
      for (const field of refused)
        if (wished.some(([name]) => name.replace(/\[\]$/, '') === field)) noteOnce(field, context);
      const lines = await readWhole(outcome.reply, peer).catch((thrown: unknown) => {
        outcome.reply.body.destroy();
        throw connectionError(thrown, 'answering', peer, signal);
      });
      return heardOf(lines, peer);
    }
  }

  return remoteRecogniser({
    id,
    capabilities: {
      languages: 'any',
      tokenLogprobs: kind.answers === 'logprobs' ? 'unknown' : false,
      wordTimes: /whisper/.test(model) ? 'model' : 'interpolated',
      prompt: kind.takesPrompt ? 'unknown' : false,
    },
    limits: LIMITS,
    transcribe,
  });
}

function heardOf(lines: readonly Line[], peer: Peer): ServerHeard {
  const messages = lines.flatMap((line) => {
    if (line.kind === 'broken') throw line.error;
    if (line.kind === 'done') return [];
    const refusal = refusalIn(null, line.json);
    if (refusal) throw refusalError(refusal, peer);
    return [line.json];
  });
  const heard = heardIn(messages);
  if (heard) return heard;
  throw new SensoriumError('hear.upstream-failed', `${peer.host} answered with something that is no transcript.`, {
    hint: 'Is the base URL that of a server with /audio/transcriptions? It usually ends in /v1.',
    details: { host: peer.host, model: peer.model },
  });
}
