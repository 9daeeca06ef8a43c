import { setTimeout as sleep } from 'node:timers/promises';
import { SensoriumError } from '#contract/error.ts';
import { lossOf } from '#contract/loss.ts';
import type { CallContext, Recogniser } from '#contract/ports.ts';
import { nowMs } from '#kit/clock.ts';
import { pcm16 } from '#kit/pcm.ts';
import { type IflytekSession, openIflytek } from '#upstream/iflytek.ts';
import { PATIENCE } from '#upstream/send.ts';
import type { RemoteHearing } from '../remote/engine.ts';
import { remoteRecogniser, type ServerHeard, type SpokenPiece } from '../remote/recogniser.ts';
import { AST } from './ast.ts';
import { type Grammar, hotWords, IAT, IAT_SLM } from './grammar.ts';

/** The size of a frame iFlytek asks for, and how long it lasts and the next one is waited with. */
const FRAME_BYTES = 1_280;
const FRAME_MS = 40;

const GRAMMARS: Readonly<Record<string, Grammar>> = { iat: IAT, 'iat-slm': IAT_SLM, ast: AST };

/** Sessions last a minute, and a few seconds of silence may end one, so no piece holds that much. */
const LIMITS = { maxMs: 58_000, maxPauseMs: 1_500, padMs: 300 };

/**
 * iFlytek's dictation: `iat`, `iat-slm` with the large model, or `ast`, which knows dialects of Chinese. Sound is sent as
 * fast as it was spoken; `paceMs` is the time between two frames. Throws `hear.unknown-model`.
 */
export function iflytekIat(hearing: RemoteHearing, { paceMs = FRAME_MS } = {}): Recogniser {
  const { id, model } = hearing;
  const grammar = Object.hasOwn(GRAMMARS, model) ? GRAMMARS[model] : undefined;
  if (!grammar) {
    throw new SensoriumError('hear.unknown-model', `iFlytek’s dictation has no model called “${model}”.`, {
      hint: `Known: ${Object.keys(GRAMMARS).join(', ')}.`,
    });
  }
  const patience = { ...PATIENCE, ...hearing.patience };
  const { languages, takesPrompt, sign } = grammar;
  const recogniser = remoteRecogniser({
    id,
    capabilities: {
      languages,
      tokenLogprobs: false,
      wordTimes: 'interpolated',
      prompt: takesPrompt,
    },
    limits: LIMITS,
    async transcribe(piece, context) {
      // A server may well say nothing until it has heard all.
      const stallTimeoutMs = patience.stallTimeoutMs + (piece.durationMs / FRAME_MS) * paceMs;
      const call = { stage: 'hear', ...hearing, patience: { ...patience, stallTimeoutMs }, sign } as const;
      const session = await openIflytek(grammar.address, call, context.signal);
      try {
        return await dictate(session, piece, { grammar, id, paceMs }, context);
      } finally {
        session.close();
      }
    },
  });
  return {
    ...recogniser,
    hear(recording, { signal, note }) {
      const { part, prompt } = recording;
      const context: CallContext = { signal, note: (loss) => note({ ...loss, part: loss.part ?? part }) };
      if (takesPrompt && prompt !== undefined) noteUnused(prompt, id, context);
      return recogniser.hear(recording, context);
    },
  };
}

interface Dictation {
  readonly grammar: Grammar;
  readonly id: string;
  readonly paceMs: number;
}

async function dictate(
  session: IflytekSession,
  piece: SpokenPiece,
  { grammar, id, paceMs }: Dictation,
  context: CallContext,
): Promise<ServerHeard> {
  const frames = framesOf(piece, grammar, session.appId);
  const over = new AbortController();
  const sent = { frames: 0 };
  // What keeps a frame from leaving ends the reading as well, and better says why.
  const sending = sendPaced(session, frames, paceMs, sent, over.signal).catch(() => {});
  const text = grammar.dictated();
  try {
    for await (const message of session) {
      const { result, ended } = grammar.read(message, session);
      if (result) text.take(result);
      if (!ended) continue;
      if (sent.frames < frames.length) noteEarly(sent.frames, piece.durationMs, id, context);
      return { text: text.text };
    }
    if (grammar.endsWhenClosed && sent.frames === frames.length) return { text: text.text };
    throw session.broken('it closed the connection before the last result');
  } finally {
    over.abort();
    await sending;
  }
}

function framesOf(piece: SpokenPiece, { frame }: Grammar, appId: string): (object | Buffer)[] {
  const sound = pcm16(piece.samples);
  const frames: (object | Buffer)[] = [];
  for (let at = 0; at < sound.length; at += FRAME_BYTES) {
    const status = at === 0 ? 0 : 1;
    frames.push(frame(sound.subarray(at, at + FRAME_BYTES), { status, seq: frames.length }, piece, appId));
  }
  return [...frames, frame(Buffer.alloc(0), { status: 2, seq: frames.length }, piece, appId)];
}

async function sendPaced(
  session: IflytekSession,
  frames: readonly (object | Buffer)[],
  paceMs: number,
  sent: { frames: number },
  signal: AbortSignal,
): Promise<void> {
  const startMs = nowMs();
  for (const [at, frame] of frames.entries()) {
    const waitMs = startMs + at * paceMs - nowMs();
    if (waitMs > 0) await sleep(waitMs, undefined, { signal });
    if (signal.aborted) return;
    // Counted before it has left: an answer may come back sooner than the news that it did.
    sent.frames++;
    await session.send(frame);
  }
}

function noteEarly(sentFrames: number, durationMs: number, id: string, context: CallContext): void {
  const heardMs = Math.min(durationMs, sentFrames * FRAME_MS);
  context.note(
    lossOf({
      kind: 'truncated',
      stage: 'perceive',
      engine: id,
      extent: Math.round(durationMs - heardMs),
      unit: 'ms',
      message: `The server stopped listening after ${(heardMs / 1000).toFixed(1)} s of ${(durationMs / 1000).toFixed(1)} s.`,
    }),
  );
}

function noteUnused(prompt: string, id: string, context: CallContext): void {
  const { text, leftOut } = hotWords(prompt);
  if (text !== '' && leftOut === 0) return;
  const message =
    text === '' ? 'The prompt holds no word to listen for.' : `There was no room for ${leftOut} words of the prompt.`;
  context.note(
    lossOf({
      kind: 'option-ignored',
      stage: 'perceive',
      engine: id,
      text: 'prompt',
      ...(text === '' ? {} : { extent: leftOut, unit: 'words' }),
      message,
    }),
  );
}
