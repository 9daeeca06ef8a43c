/** A text as it streams in, made fit to be shown and spoken piece by piece. */
export interface SpokenText {
  /** Takes the next piece and gives what may go out now. */
  push(piece: string): string;
  /** Gives what was held back when nothing more comes. */
  end(): string;
}

const OPEN = '<think>';
const CLOSE = '</think>';

/**
 * Leaves out a reasoning model's thoughts where a server writes them into the answer, as one `<think>` block at its
 * beginning, and never lets a piece end in half a character. How the text is cut makes no difference.
 */
export function spokenText(): SpokenText {
  let state: 'start' | 'thinking' | 'after' | 'open' = 'start';
  let held = '';

  function push(piece: string): string {
    held += piece;
    if (state === 'start') {
      const begun = held.trimStart();
      if (OPEN.startsWith(begun.slice(0, OPEN.length)) && begun.length < OPEN.length) return '';
      state = begun.startsWith(OPEN) ? 'thinking' : 'open';
    }
    if (state === 'thinking') {
      const end = held.indexOf(CLOSE);
      if (end < 0) return '';
      held = held.slice(end + CLOSE.length);
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

  return {
    push,
    end: () => (state === 'thinking' || state === 'after' ? '' : held.replace(/[\ud800-\udbff]$/, '\ufffd')),
  };
}
