/** A text as it streams in, made fit to be shown and spoken piece by piece. */
export interface SpokenText {
  /** Takes the next piece and gives what may go out now. */
  push(piece: string): string;
  /** Gives what was held back when nothing more comes. */
  end(): string;
  /** Gives the thoughts that came since it was last asked. */
  thought(): string;
}

const OPEN = '<think>';
const CLOSE = '</think>';

/**
 * Parts a reasoning model's thoughts from its answer where a server writes them into it, as one `<think>` block at its
 * beginning, and never lets a piece end in half a character. How the text is cut makes no difference.
 */
export function spokenText(): SpokenText {
  let state: 'start' | 'thinking' | 'after' | 'open' = 'start';
  let held = '';
  let thoughts = '';

  function push(piece: string): string {
    if (piece === '') return '';
    held += piece;
    if (state === 'start') {
      const begun = held.trimStart();
      if (OPEN.startsWith(begun.slice(0, OPEN.length)) && begun.length < OPEN.length) return '';
      state = begun.startsWith(OPEN) ? 'thinking' : 'open';
      if (state === 'thinking') held = begun.slice(OPEN.length);
    }
    if (state === 'thinking') {
      const end = held.indexOf(CLOSE);
      if (end < 0) {
        think(held.length - heldBack(held));
        return '';
      }
      think(end);
      held = held.slice(CLOSE.length);
      state = 'after';
    }
    if (state === 'after') {
      held = held.trimStart();
      if (held === '') return '';
      state = 'open';
    }
    const whole = /[\ud800-\udbff]$/.test(held) ? held.length - 1 : held.length;
    const out = held.slice(0, whole);
    held = held.slice(whole);
    return out;
  }

  function think(chars: number): void {
    thoughts += held.slice(0, chars);
    held = held.slice(chars);
  }

  function end(): string {
    const rest = held.replace(/[\ud800-\udbff]$/, '\ufffd');
    held = '';
    if (state === 'start' || state === 'open') return rest;
    thoughts += rest;
    return '';
  }

  return {
    push,
    end,
    thought() {
      const out = thoughts;
      thoughts = '';
      return out;
    },
  };
}

/** How many characters at the end may be the beginning of the mark that closes a thought, or half a character. */
function heldBack(text: string): number {
  for (let chars = CLOSE.length - 1; chars > 0; chars--) if (text.endsWith(CLOSE.slice(0, chars))) return chars;
  return /[\ud800-\udbff]$/.test(text) ? 1 : 0;
}
