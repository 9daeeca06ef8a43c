/** Something in the answer that is not read aloud, and its source text. */
export interface Dropped {
  readonly what:
    | 'code-block'
    | 'inline-code'
    | 'link'
    | 'image'
    | 'table'
    | 'html'
    | 'citation'
    | 'emoji'
    | 'math'
    | 'reasoning';
  readonly text: string;
}

/** What to do at one place of the text: `wait` for more of it, or go on to `next`, saying `say` on the way. */
export type Step =
  | 'wait'
  | {
      readonly next: number;
      readonly say: string;
      readonly dropped?: readonly Dropped[];
      /** What follows is still at the beginning of a line, as after a list marker. */
      readonly lineStart?: boolean;
      /** Everything up to this mark is dropped, however far away it is. */
      readonly skip?: Skip;
    };

export type Skip =
  | { readonly kind: 'fence'; readonly mark: string }
  | { readonly kind: 'table' }
  | { readonly kind: 'until'; readonly closer: string; readonly what: Dropped['what'] };

/** The text as far as it is known, the place looked at, and the character before it. */
export interface Place {
  readonly text: string;
  readonly at: number;
  readonly previous: string;
  readonly ended: boolean;
}

/** Goes on behind `length` characters and says `words` instead. */
export const say = (place: Place, length: number, words: string): Step => ({ next: place.at + length, say: words });

/** Leaves out `length` characters and reports them. */
export function drop(place: Place, length: number, what: Dropped['what'], words = ''): Step {
  const text = place.text.slice(place.at, place.at + length);
  return { next: place.at + length, say: words, dropped: [{ what, text }] };
}

/**
 * Where `closer` stands after `from`, on the same paragraph and at most `reach` characters away; `-1` when it does not,
 * `wait` when it may still come.
 */
export function findClose(place: Place, from: number, closer: string, reach: number): number | 'wait' {
  const { text, ended } = place;
  const found = text.indexOf(closer, from);
  const blankLine = text.indexOf('\n\n', from);
  const last = blankLine < 0 ? from + reach : Math.min(blankLine, from + reach);
  if (found >= 0 && found <= last) return found;
  return ended || blankLine >= 0 || text.length >= last + closer.length ? -1 : 'wait';
}
