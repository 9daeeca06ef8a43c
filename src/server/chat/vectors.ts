import { createHash } from 'node:crypto';
import { isSensoriumError, SensoriumError } from '#contract/error.ts';
import type { PromptVectors } from '#contract/prompt-vectors.ts';
import { readBase64Tensor, type TensorLimits } from '#kit/tensor/tensor.ts';
import type { Turn } from '#pipeline/index.ts';
import type { Logger, WordsLog } from '../observe/log.ts';
import type { VectorsPart } from '../schemas/chat.ts';
import { badField } from '../wire/bad-request.ts';

/** Whether this server takes vectors at all, and whether this caller may bring some. */
export interface VectorDoor {
  readonly accept: boolean;
  readonly mayBring: boolean;
}

/** As many rows as the longest conversation has; the body’s own limit (32 MiB besides media) is reached at about the same size. */
const LIMITS: TensorLimits = { maxRows: 8_192, maxWidth: 16_384, maxBytes: 24 * 2 ** 20 };
const MOST_SURROGATE_CHARS = 32_768;

/**
 * The vectors of one part of a message, read and looked at, with the words that stand for them. `name` is what the pipeline calls
 * them. Throws `inject.not-allowed`; `server.bad-request` without words; `inject.bad-vectors` with the gate's code, what was measured,
 * the threshold and the fallback in its details.
 */
export function vectorsOf(
  part: VectorsPart,
  where: string,
  name: string,
  { accept, mayBring }: VectorDoor,
): PromptVectors {
  if (!accept)
    throw notAllowed('This server takes no vectors.', 'Send words or media; whoever runs it can set inject.accept.');
  if (!mayBring) {
    throw notAllowed('This key may not bring vectors.', 'Send words or media, or ask for a key made with --vectors.');
  }
  const surrogate = part.surrogate?.trim() ?? '';
  if (surrogate === '') throw badField(`${where}.surrogate`, 'is required: what the vectors stand for, in words');
  if (surrogate.length > MOST_SURROGATE_CHARS) {
    throw badField(`${where}.surrogate`, `has ${surrogate.length} characters; ${MOST_SURROGATE_CHARS} are taken`);
  }
  const { rows, width, values } = read(part.data, where, name);
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { part: name, rows, width, values, surrogate, sha256, component: null };
}

function read(data: string, where: string, name: string): ReturnType<typeof readBase64Tensor> {
  try {
    return readBase64Tensor(data, LIMITS);
  } catch (error) {
    if (!isSensoriumError(error)) throw error;
    throw new SensoriumError(error.code, `${where}: ${error.message}`, {
      hint: error.hint,
      // Nothing was put in their place: the request is refused as it is.
      details: { ...error.details, param: `${where}.data`, part: name, fallback: 'none' },
    });
  }
}

function notAllowed(message: string, hint: string): SensoriumError {
  return new SensoriumError('inject.not-allowed', message, { hint, details: { fallback: 'none' } });
}

/** Writes down which vectors came and by whose key; and what they are said to stand for, where words may be logged. */
export function logVectors(
  turns: readonly Turn[],
  who: { readonly request: string; readonly key: string | undefined },
  { log, words }: { readonly log: Logger; readonly words: WordsLog },
): void {
  const brought = turns.flatMap(({ content }) =>
    content.flatMap((part) => (part.kind === 'vectors' ? [part.vectors] : [])),
  );
  if (brought.length === 0) return;
  const facts = brought.map(({ part, rows, width, sha256 }) => ({ part, rows, width, sha256 }));
  log.info({ ...who, vectors: facts }, 'vectors');
  words(who.request, { surrogates: brought.map(({ sha256, surrogate }) => ({ sha256, surrogate })) });
}
