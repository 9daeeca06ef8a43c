import { SensoriumError } from '#contract/error.ts';
import type { GateCode } from '#contract/gate.ts';
import type { Refusal } from './errors.ts';

interface Row {
  readonly says: RegExp;
  readonly code: Extract<GateCode, 'EMB_SERVER_FLAG_OFF' | 'EMB_SERVER_UNSUPPORTED' | 'EMB_WIDTH'>;
  readonly hint: string;
}

/**
 * What servers say to vectors, in their own words. Sources: vLLM's renderers/embed_utils.py (055e47c), completion/serving.py
 * (030ea52) and chat_utils.py; SGLang's tokenizer_manager.py (0.5.23).
 */
const ROWS: readonly Row[] = [
  {
    says: /You must set `?--enable-prompt-embeds/i,
    code: 'EMB_SERVER_FLAG_OFF',
    hint: 'Start vLLM with --enable-prompt-embeds, and let only clients you trust reach it.',
  },
  {
    says: /disable_radix_cache is False/i,
    code: 'EMB_SERVER_FLAG_OFF',
    hint: 'Start SGLang with --disable-radix-cache, and let only clients you trust reach it.',
  },
  {
    says: /hidden[_ ]?size \d+ does not match/i,
    code: 'EMB_WIDTH',
    hint: 'Make the vectors with this very model’s input table; a vector made for searching is none of these.',
  },
  {
    says: /(?:unknown part type|invalid content type|unsupported).{0,40}prompt_embeds|prompt_embeds must be provided/i,
    code: 'EMB_SERVER_UNSUPPORTED',
    hint: 'Update vLLM, or use a model of this machine; or send the words that the vectors stand for.',
  },
];

/** What a server means by its refusal of vectors; `null` where it speaks of something else. */
export function vectorRefusal({ message }: Refusal): Omit<Row, 'says'> | null {
  return ROWS.find(({ says }) => says.test(message)) ?? null;
}

/** The same error with the gate's code in its details and the gate's remedy as its hint, where it is about vectors. */
export function asVectorRefusal(error: SensoriumError, refusal: Refusal): SensoriumError {
  const row = vectorRefusal(refusal);
  if (row === null) return error;
  return new SensoriumError(error.code, error.message, {
    hint: row.hint,
    details: { ...error.details, code: row.code },
  });
}
