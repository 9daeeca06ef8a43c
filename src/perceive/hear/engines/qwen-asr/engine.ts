import { SensoriumError } from '#contract/error.ts';
import { type Loss, lossOf } from '#contract/loss.ts';
import type { CallContext, Recogniser } from '#contract/ports.ts';
import { classifyDashScope } from '#upstream/dashscope.ts';
import { peerAt } from '#upstream/endpoint.ts';
import { messagesOf } from '#upstream/messages.ts';
import { AGENT, addressBelow, bearer } from '#upstream/request.ts';
import { PATIENCE, send } from '#upstream/send.ts';
import type { RemoteHearing } from '../remote/engine.ts';
import { remoteRecogniser, type ServerHeard, type SpokenPiece } from '../remote/recogniser.ts';
import { readTranscript } from './transcript.ts';

/** The server takes 5 minutes; shorter pieces place words better, and each has a language and a feeling of its own. */
const LIMITS = { maxMs: 60_000, maxPauseMs: 2_000, padMs: 300 };

/** Models that are heard with on sockets, by address or natively only. */
const ELSEWHERE = /-(?:realtime|filetrans)(?:-|$)|^(?:fun-asr|paraformer|qwen-audio)/;

/** The server takes 10 000 tokens of context, and a token is hardly ever less than a character. */
const MOST_CONTEXT_CHARS = 10_000;

/**
 * Qwen3-ASR through DashScope's compatible chat: a prompt is the context it listens with, and it tells language and emotion.
 * It measures no probabilities and tells no times. Source: Model Studio, qwen-asr-api-reference. Throws `hear.unknown-model`
 * for models that are reached in another way.
 */
export function qwenAsr(hearing: RemoteHearing): Recogniser {
  const { id, model, baseUrl, keys } = hearing;
  if (ELSEWHERE.test(model)) throw elsewhere(model);
  const patience = { ...PATIENCE, ...hearing.patience };
  const url = addressBelow(baseUrl, 'chat/completions');
  const peer = peerAt('hear', hearing, model, classifyDashScope);

  /** Each piece of a recording comes with the same prompt; what there is no room for is told once. */
  const told = new WeakSet<CallContext>();

  async function transcribe(piece: SpokenPiece, context: CallContext): Promise<ServerHeard> {
    const { signal } = context;
    const loss = promptLoss(piece.prompt, id);
    if (loss !== null && !told.has(context)) context.note(loss);
    told.add(context);
    const outcome = await send(url, {
      headers: {
        'content-type': 'application/json',
        ...AGENT,
        ...bearer(keys.apiKey),
        accept: 'application/json, text/event-stream',
      },
      body: JSON.stringify(requestFor(piece, model)),
      peer,
      patience,
      headTimeoutMs: patience.wholeTimeoutMs,
      signal,
    });
    if (outcome.kind === 'refusal') throw outcome.error;
    const messages: unknown[] = [];
    for await (const message of messagesOf(outcome.reply, peer, signal)) messages.push(message);
    const heard = readTranscript(messages);
    if (heard) return heard;
    throw new SensoriumError('hear.upstream-failed', `${peer.host} answered with something that is no transcript.`, {
      hint: 'Check that the base URL is that of the compatible API: it ends in /compatible-mode/v1.',
      details: { host: peer.host, model },
    });
  }

  return remoteRecogniser({
    id,
    capabilities: { languages: 'any', tokenLogprobs: false, wordTimes: 'interpolated', prompt: true },
    limits: LIMITS,
    transcribe,
  });
}

function requestFor({ wav, prompt, language }: SpokenPiece, model: string): object {
  const data = `data:audio/wav;base64,${wav().toString('base64')}`;
  const context = hasWords(prompt) ? [{ role: 'system', content: prompt?.slice(0, MOST_CONTEXT_CHARS) }] : [];
  return {
    model,
    messages: [...context, { role: 'user', content: [{ type: 'input_audio', input_audio: { data } }] }],
    stream: false,
    // Only the language itself: zh of zh-CN.
    asr_options: language === undefined ? undefined : { language: language.split('-', 1)[0]?.toLowerCase() },
  };
}

/** What of a prompt does not reach the server; `null` where all of it does. */
function promptLoss(prompt: string | undefined, engine: string): Loss | null {
  if (prompt === undefined) return null;
  const ignored = { kind: 'option-ignored', stage: 'perceive', engine, text: 'prompt' } as const;
  if (!hasWords(prompt)) return lossOf({ ...ignored, message: 'The prompt holds no word to listen for.' });
  const leftChars = prompt.length - MOST_CONTEXT_CHARS;
  if (leftChars <= 0) return null;
  const message = `The server takes ${MOST_CONTEXT_CHARS} characters of a prompt; the last ${leftChars} were left out.`;
  return lossOf({ ...ignored, extent: leftChars, unit: 'characters', message });
}

function hasWords(prompt: string | undefined): boolean {
  return /[\p{L}\p{N}]/u.test(prompt ?? '');
}

function elsewhere(model: string): SensoriumError {
  return new SensoriumError(
    'hear.unknown-model',
    `${model} is not reached through chat, and no other way is built yet.`,
    {
      hint: 'Use qwen3-asr-flash, fun-asr-realtime or paraformer-realtime-v2.',
    },
  );
}
