import type { Known } from '#contract/capabilities.ts';
import type { AskRequest, ContentPart } from '#contract/chat.ts';
import { isSensoriumError, SensoriumError } from '#contract/error.ts';
import type { MediaKind } from '#contract/media.ts';
import type { LanguageModel } from '#contract/ports.ts';
import { takeMedia } from '#media/index.ts';
import type { Parts } from './parts.ts';
import { film, onePage, redSquare, tone } from './tiny-media.ts';

/** What came of handing a model one tiny medium. `takes` is `unknown` where neither its words nor its figures tell. */
export interface KindProbe {
  readonly kind: MediaKind;
  readonly takes: Known;
  /** What was seen, as a sentence. */
  readonly evidence: string;
  /** What the capability data said before. */
  readonly before: Known;
}

export interface ModelProbe {
  readonly model: string;
  /** Tokens the model counted for the question alone; `null` where it counts none. */
  readonly questionTokens: number | null;
  readonly kinds: readonly KindProbe[];
}

/** The kinds that are tried. */
export const PROBED: readonly MediaKind[] = ['image', 'audio', 'video', 'document'];

const QUESTION = 'What is this? Answer with one word.';

/**
 * Finds out which media a live model takes: asks it one short question without any, then with a tiny picture, sound, film and
 * document each. It takes a kind when it answers and counts more tokens than for the question alone, and refuses it when it says
 * so; the outcome is remembered. Throws what the question alone is answered with.
 */
export async function probeModel(
  id: string,
  kinds: readonly MediaKind[],
  parts: Parts,
  signal: AbortSignal,
): Promise<ModelProbe> {
  if (!id.includes(':')) {
    throw new SensoriumError('ask.unknown-model', `${id} runs on this machine; there is no endpoint to probe.`, {
      hint: 'Name a model behind an API, such as qwen:qwen3-vl-plus. `sensorium models list` shows what local models take.',
    });
  }
  const model = await parts.model(id, signal);
  const alone = await tokensFor(model, [{ kind: 'text', text: QUESTION }], signal);
  const probes: KindProbe[] = [];
  for (const kind of kinds) {
    const probe = await probeKind(model, kind, alone, parts, signal);
    probes.push(probe);
    if (probe.takes !== 'unknown') parts.found.remember(id, kind, probe.takes, `probed: ${probe.evidence}`);
  }
  return { model: id, questionTokens: alone, kinds: probes };
}

async function probeKind(
  model: LanguageModel,
  kind: MediaKind,
  alone: number | null,
  parts: Parts,
  signal: AbortSignal,
): Promise<KindProbe> {
  const before = model.capabilities.input[kind];
  const told = (takes: Known, evidence: string): KindProbe => ({ kind, takes, evidence, before });
  const bytes = await SAMPLES[kind]?.(signal);
  if (!bytes) return told('unknown', 'nothing tiny of this kind can be made here: ffmpeg is missing');
  const note = () => {};
  const media = await takeMedia(
    { kind: 'bytes', bytes, name: `tiny ${kind}` },
    { part: 'part-1', ...parts.taking, signal, note },
  );
  try {
    if (!model.accepts?.(media.media))
      return told('unknown', `there is no form for ${media.media.mimeType} in this API`);
    const tokens = await tokensFor(
      model,
      [
        { kind: 'media', media },
        { kind: 'text', text: QUESTION },
      ],
      signal,
    );
    if (alone === null || tokens === null) return told('unknown', 'it answered, and counted no tokens');
    return tokens > alone
      ? told(true, `it answered and counted ${tokens} tokens, ${tokens - alone} more than without it`)
      : told('unknown', `it answered, but counted no more tokens (${tokens}) than without it`);
  } catch (error) {
    if (!isSensoriumError(error) || signal.aborted) throw error;
    // A server may break over what it cannot read; only its own refusal is an answer.
    const refused = error.code === 'ask.refused';
    return told(refused ? false : 'unknown', error.message);
  } finally {
    await media.close();
  }
}

/** Asks and gives the tokens the model counted as read. */
async function tokensFor(
  model: LanguageModel,
  content: readonly ContentPart[],
  signal: AbortSignal,
): Promise<number | null> {
  const request: AskRequest = { messages: [{ role: 'user', content }], maxTokens: 16, stream: false };
  for await (const event of model.ask(request, { signal, note: () => {} })) {
    if (event.kind === 'answer-end') return event.answer.usage?.inputTokens ?? null;
  }
  return null;
}

/** One tiny medium of each kind; `null` where it cannot be made here. */
const SAMPLES: Partial<Record<MediaKind, (signal: AbortSignal) => Uint8Array | Promise<Uint8Array | null>>> = {
  image: redSquare,
  audio: () => tone(),
  video: film,
  document: onePage,
};
