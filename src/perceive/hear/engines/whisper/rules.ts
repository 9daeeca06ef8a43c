import type { WhisperFolder } from './folder.ts';

/** What a text looks like so far, for the rules: its tokens, and whether times are written between them. */
export interface SoFar {
  readonly ids: readonly number[];
  readonly timestamps: boolean;
}

/** Removes from the logits, in place, what may not come next: −∞ has no probability. */
export type Rules = (logits: Float32Array, text: SoFar) => void;

/**
 * Whisper's rules of what may come next (openai/whisper, decoding.py): no token that is not speech, no empty text, times in
 * pairs, in order, and a first one that is early. The lists of tokens are the model's own (`generation_config.json`). No text
 * token is removed but by those lists: what fillers and particles the model writes stay.
 */
export function rulesOf(
  model: Pick<WhisperFolder, 'tokens' | 'suppressed' | 'suppressedFirst' | 'latestStart'>,
): Rules {
  const { tokens, suppressed, suppressedFirst, latestStart } = model;
  const firstTime = tokens.noTimestamps + 1;
  return (logits, { ids, timestamps }) => {
    for (const id of suppressed) logits[id] = Number.NEGATIVE_INFINITY;
    forbid(logits, tokens.start, firstTime);
    if (ids.length === 0) for (const id of suppressedFirst) logits[id] = Number.NEGATIVE_INFINITY;
    if (!timestamps) {
      forbid(logits, firstTime, logits.length);
      return;
    }
    const last = ids.at(-1) ?? -1;
    const beforeLast = ids.at(-2);
    if (ids.length === 0) {
      forbid(logits, 0, firstTime);
      forbid(logits, firstTime + latestStart + 1, logits.length);
    } else if (last >= firstTime) {
      // After an end comes a start or the end of all; after a start comes text.
      if (beforeLast === undefined || beforeLast >= firstTime) forbid(logits, firstTime, logits.length);
      else forbid(logits, 0, tokens.end);
    }
    const latest = ids.findLast((id) => id >= firstTime);
    if (latest !== undefined) {
      // A stretch may start where the one before ended; it may not end where it starts.
      const maySame = last >= firstTime && beforeLast !== undefined && beforeLast < firstTime;
      forbid(logits, firstTime, maySame ? latest : latest + 1);
    }
    if (timesOutweighText(logits, firstTime)) forbid(logits, 0, firstTime);
  };
}

function forbid(logits: Float32Array, from: number, to: number): void {
  logits.fill(Number.NEGATIVE_INFINITY, Math.max(0, from), Math.max(0, to));
}

// When all times together are more probable than any one token of text, a time comes next.
function timesOutweighText(logits: Float32Array, firstTime: number): boolean {
  let text = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < firstTime; at += 1) if ((logits[at] as number) > text) text = logits[at] as number;
  let best = Number.NEGATIVE_INFINITY;
  for (let at = firstTime; at < logits.length; at += 1) if ((logits[at] as number) > best) best = logits[at] as number;
  if (best === Number.NEGATIVE_INFINITY) return false;
  let sum = 0;
  for (let at = firstTime; at < logits.length; at += 1) sum += Math.exp((logits[at] as number) - best);
  return best + Math.log(sum) > text;
}
