// Before these a speaker may draw breath although nothing is written there.
const OPENERS: ReadonlySet<string> = new Set(
  `and but or nor so because although though while when whenever where whereas if unless until since before after
   that which who whose whom what how why whether to for from with without into about between during through`.split(
    /\s+/,
  ),
);

/**
 * Whether the word after the blank at `at` opens a phrase of an English sentence. `wait` while that word may still grow.
 */
export function opensPhrase(text: string, at: number, ended: boolean): boolean | 'wait' {
  const [gap = '', word = ''] = /^\s+([A-Za-z]*)/.exec(text.slice(at)) ?? [];
  if (at + gap.length >= text.length && !ended) return 'wait';
  return OPENERS.has(word.toLowerCase());
}
