import { type SpokenText, spokenText } from '../openai/spoken-text.ts';

/** GLM-4.5V puts its final answer between these, as part of the text (Zhipu’s OpenAPI description). */
const MARKS = ['<|begin_of_box|>', '<|end_of_box|>'] as const;
const ANY_MARK = /<\|(?:begin|end)_of_box\|>/;

/** Parts thoughts from the answer and takes out the marks around its final part. How the text is cut makes no difference. */
export function withoutMarks(): SpokenText {
  const inner = spokenText();
  let held = '';

  return {
    push(piece) {
      const parts = (held + piece).split(ANY_MARK);
      const last = parts.pop() ?? '';
      const keep = last.length - heldBack(last);
      held = last.slice(keep);
      return inner.push(parts.join('') + last.slice(0, keep));
    },
    end() {
      const rest = inner.push(held);
      held = '';
      return rest + inner.end();
    },
    thought: () => inner.thought(),
  };
}

/** How many characters at the end may be the beginning of a mark. */
function heldBack(text: string): number {
  const at = text.lastIndexOf('<');
  if (at < 0) return 0;
  const end = text.slice(at);
  return MARKS.some((mark) => mark.startsWith(end)) ? end.length : 0;
}
