import { isSensoriumError } from '#contract/error.ts';
import { type GateCheck, GateCode } from '#contract/gate.ts';
import type { VectorModel } from '#contract/ports.ts';
import { throwIfCancelled } from '#kit/abort.ts';
import { failed, passed } from './verdict.ts';

/** What was found when a server was tried with one vector. */
export interface ServerFinding {
  readonly outcome: 'accepted' | 'unsupported' | 'flag-off' | 'unsafe-version';
  readonly version: string | null;
  readonly message: string;
}

const CODES = {
  unsupported: 'EMB_SERVER_UNSUPPORTED',
  'flag-off': 'EMB_SERVER_FLAG_OFF',
  'unsafe-version': 'EMB_SERVER_UNSAFE_VERSION',
} as const;

const REMEDIES = {
  EMB_SERVER_UNSUPPORTED: 'Use the engine of this machine, vLLM or SGLang; or the text route, which every server has.',
  EMB_SERVER_FLAG_OFF:
    'Start vLLM with --enable-prompt-embeds, SGLang with --disable-radix-cache, for clients you trust only.',
  EMB_SERVER_UNSAFE_VERSION: 'Update the server: vLLM of this version can be crashed by a crafted tensor.',
} as const;

/** Whether the server takes vectors at all, as its probe found. */
export function checkServer({ outcome, version, message }: ServerFinding): GateCheck {
  if (outcome === 'accepted') return passed('server', message, { measured: version ?? 'accepted' });
  const code = CODES[outcome];
  return failed('server', 'refused', code, {
    ...{ message, measured: version ?? outcome, threshold: 'takes one vector', remedy: REMEDIES[code] },
  });
}

/** Tries a model with one vector. Throws only when cancelled. */
export async function tryOneVector(model: VectorModel, vector: Float32Array, signal: AbortSignal): Promise<GateCheck> {
  try {
    const opening = model.opening ?? [];
    const prompt = opening.length > 0 ? [{ tokens: opening }, { vectors: vector }] : [{ vectors: vector }];
    await model.next(prompt, 1, signal);
    return passed('server', `${model.id} takes vectors.`, { measured: 'accepted' });
  } catch (error) {
    throwIfCancelled(signal);
    if (!isSensoriumError(error)) throw error;
    const code = GateCode.safeParse(error.details.code).data ?? 'EMB_SERVER_UNSUPPORTED';
    return failed('server', 'refused', code, {
      message: error.message,
      threshold: 'takes one vector',
      remedy: error.hint || REMEDIES.EMB_SERVER_UNSUPPORTED,
    });
  }
}
