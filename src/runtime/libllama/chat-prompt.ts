import { randomUUID } from 'node:crypto';
import { Template } from '@huggingface/jinja';
import { SensoriumError } from '#contract/error.ts';
import type { PromptPiece } from '#contract/prompt-vectors.ts';
import type { wordsOf } from './words.ts';

/** A message of a conversation; each part is words, or rows that stand where the part stands. */
export interface ChatTurn {
  readonly role: string;
  readonly parts: readonly (string | Float32Array)[];
}

/**
 * A conversation as the model reads it: its own template around words and rows, open for its answer. Two neighbouring parts of words are
 * two lines. A mark such as `<|im_end|>` in somebody's words stays letters. Throws `ask.refused` where there is no template that works.
 */
export function chatPrompt(
  turns: readonly ChatTurn[],
  template: string | null,
  words: ReturnType<typeof wordsOf>,
): readonly PromptPiece[] {
  const nonce = randomUUID();
  const held: PromptPiece[] = [];
  const hold = (piece: PromptPiece) => `${nonce}:${held.push(piece) - 1};`;
  const messages = turns.map(({ role, parts }) => ({
    role,
    content: parts
      .map((part, at) => {
        if (typeof part !== 'string') return hold({ vectors: part });
        const line = typeof parts[at - 1] === 'string' ? `\n${part}` : part;
        const tokens = words.tokens(line);
        return tokens.join() === words.tokens(line, { marks: true }).join() ? line : hold({ tokens });
      })
      .join(''),
  }));
  const [opening = '', ...rest] = rendered(messages, template, words).split(`${nonce}:`);
  const pieces: PromptPiece[] = [{ tokens: words.tokens(opening, { marks: true }) }];
  for (const text of rest) {
    const end = text.indexOf(';');
    const piece = held[Number(text.slice(0, end))];
    if (piece) pieces.push(piece);
    pieces.push({ tokens: words.tokens(text.slice(end + 1), { marks: true }) });
  }
  return pieces.filter((piece) => !('tokens' in piece) || piece.tokens.length > 0);
}

function rendered(messages: readonly object[], template: string | null, words: ReturnType<typeof wordsOf>): string {
  if (template === null) throw noTemplate('it has none');
  const mark = (token: number) => words.bytes(token, true).toString('utf8');
  try {
    return new Template(template).render({
      ...{ messages, add_generation_prompt: true, bos_token: mark(words.first), eos_token: mark(words.last) },
    });
  } catch (error) {
    throw noTemplate(error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : 'it does not work', error);
  }
}

function noTemplate(why: string, cause?: unknown): SensoriumError {
  return new SensoriumError('ask.refused', `The model’s chat template cannot put this conversation: ${why}.`, {
    hint: 'Let roles take turns, the user first; or write the whole prompt yourself and ask /v1/completions.',
    cause,
  });
}
