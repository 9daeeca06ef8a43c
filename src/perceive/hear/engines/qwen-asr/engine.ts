import { SensoriumError } from '#contract/error.ts';
import type { CallContext, Recogniser } from '#contract/ports.ts';
import { classifyDashScope } from '#upstream/dashscope.ts';
import { secretsOf } from '#upstream/endpoint.ts';
import type { Peer } from '#upstream/errors.ts';
import { messagesOf } from '#upstream/messages.ts';
import { AGENT, addressBelow, bearer } from '#upstream/request.ts';
import { PATIENCE, send } from '#upstream/send.ts';
import type { RemoteHearing } from '../remote/index.ts';
import { remoteRecogniser, type ServerHeard, type SpokenPiece } from '../remote/recogniser.ts';
import { readTranscript } from './transcript.ts';

/** The server takes 5 minutes; shorter pieces place words better, and each has a language and a feeling of its own. */
const LIMITS = { maxMs: 60_000, maxPauseMs: 2_000, padMs: 300 };

/**
 * Qwen3-ASR through DashScope's compatible chat: a prompt is the context it listens with, and it tells language and emotion.
 * It measures no probabilities and tells no times. Source: Model Studio, qwen-asr-api-reference.
 */
export function qwenAsr(hearing: RemoteHearing): Recogniser {
  const { id, model, baseUrl, keys, keyName } = hearing;
  const patience = { ...PATIENCE, ...hearing.patience };
  const url = addressBelow(baseUrl, 'chat/completions');
  const peer: Peer = {
    stage: 'hear',
    host: baseUrl.host,
    model,
    keyName,
    secrets: secretsOf(keys),
    classify: classifyDashScope,
  };

  async function transcribe(piece: SpokenPiece, { signal }: CallContext): Promise<ServerHeard> {
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
  const context = prompt?.trim() ? [{ role: 'system', content: prompt }] : [];
  return {
    model,
    messages: [...context, { role: 'user', content: [{ type: 'input_audio', input_audio: { data } }] }],
    stream: false,
    // Only the language itself: zh of zh-CN.
    asr_options: language === undefined ? undefined : { language: language.split('-', 1)[0]?.toLowerCase() },
  };
}
