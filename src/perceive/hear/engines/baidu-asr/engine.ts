import type { Recogniser } from '#contract/ports.ts';
import { pcm16 } from '#kit/pcm.ts';
import { baiduCalls, readBaiduJson } from '#upstream/baidu/call.ts';
import { BaiduFailure } from '#upstream/baidu/failure.ts';
import type { RemoteHearing } from '../remote/engine.ts';
import { remoteRecogniser, type SpokenPiece } from '../remote/recogniser.ts';
import { modelFor } from './models.ts';

/** Baidu takes up to 60 s, silence at both ends included, and counts requests rather than seconds. */
const LIMITS = { maxMs: 58_000, maxPauseMs: 3_000, padMs: 300 };

/** Who asks, for Baidu's statistics; the same for everybody, so that it tells nothing. */
const CUID = 'sensorium';

/** Too poor, or too short, to hear a word in it: no reason to lose the rest of a recording. */
const NO_WORDS: ReadonlySet<number> = new Set([3301, 3314]);

/** Short recordings heard by Baidu (`/server_api`, JSON form): 16 kHz PCM in pieces of up to a minute. Gives text alone. */
export function baiduRecogniser(hearing: RemoteHearing): Recogniser {
  const model = modelFor(hearing.model);
  const calls = baiduCalls(hearing, { stage: 'hear', model: hearing.model, scopes: model.scopes });

  async function transcribe(piece: SpokenPiece, signal: AbortSignal): Promise<string> {
    const speech = pcm16(piece.samples);
    const fields = {
      format: 'pcm',
      rate: 16_000,
      channel: 1,
      cuid: CUID,
      dev_pid: model.devPid(piece.language),
      // Of the bytes themselves, not of their base64.
      len: speech.length,
      speech: speech.toString('base64'),
    };
    return calls.call(
      model.service,
      {
        contentType: 'application/json',
        body: (token) => JSON.stringify(token === null ? fields : { ...fields, token }),
        read: (reply, peer) => readBaiduJson(reply, peer).then(textOf, withoutWords),
      },
      signal,
    );
  }

  return remoteRecogniser({
    id: hearing.id,
    capabilities: { languages: model.languages, tokenLogprobs: false, wordTimes: 'interpolated', prompt: false },
    limits: LIMITS,
    transcribe: async (piece, { signal }) => ({ text: await transcribe(piece, signal) }),
  });
}

function withoutWords(thrown: unknown): string {
  if (thrown instanceof BaiduFailure && NO_WORDS.has(thrown.code)) return '';
  throw thrown;
}

/** The first of the readings that Baidu gives is the likeliest. */
function textOf({ result }: Readonly<Record<string, unknown>>): string {
  const text: unknown = Array.isArray(result) ? result[0] : result;
  return typeof text === 'string' ? text : '';
}
