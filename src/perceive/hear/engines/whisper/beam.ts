import { setImmediate as nextTurn } from 'node:timers/promises';
import { throwIfCancelled } from '#kit/abort.ts';
import { likeliest } from './choose.ts';
import type { Decoded, DecodeOptions } from './decode.ts';
import { logitsOf, next, type State, type Whisper } from './decoder.ts';
import { goesRound } from './loop.ts';
import type { Rules } from './rules.ts';

/** So many texts are followed at once; Whisper's reference code and faster-whisper use the same. */
const WIDTH = 5;

interface Path {
  readonly tokens: Decoded['tokens'];
  readonly rows: readonly Float32Array[];
  readonly sum: number;
  readonly state: State;
}

/**
 * Follows the most probable texts side by side until as many have come to an end, and gives the one whose tokens are the most
 * probable in the mean. What the greedy way takes first need not be the beginning of the best. Looks at the signal between tokens.
 */
export async function beam(
  model: Whisper,
  start: State,
  rules: Rules,
  { maxTokens, timestamps }: Omit<DecodeOptions, 'temperature'>,
  signal: AbortSignal,
): Promise<Decoded> {
  const { end } = model.folder.tokens;
  let open: readonly Path[] = [{ tokens: [], rows: [], sum: 0, state: start }];
  const ended: Decoded[] = [];
  for (let length = 0; length < maxTokens && open.length > 0 && ended.length < WIDTH; length += 1) {
    const ways = open
      .flatMap((path) => {
        const logits = logitsOf(path.state);
        rules(logits, { ids: path.tokens.map(({ id }) => id), timestamps });
        return likeliest(logits, WIDTH + 1).map((token) => ({ path, token, sum: path.sum + token.logprob }));
      })
      .sort((a, b) => b.sum - a.sum);
    const kept: Path[] = [];
    for (const { path, token, sum } of ways) {
      if (kept.length === WIDTH) break;
      if (token.id === end) {
        ended.push(decodedOf({ ...path, sum }, true));
        continue;
      }
      // A turn of the event loop, so that a cancellation sent to this process is seen.
      await nextTurn();
      throwIfCancelled(signal);
      const rows = path.state.attention ? [...path.rows, path.state.attention] : [];
      const state = await next(model, path.state, token.id);
      kept.push({ tokens: [...path.tokens, token], rows, sum, state });
    }
    open = kept;
  }
  const all = ended.length > 0 ? ended : open.map((path) => decodedOf(path, false));
  return all.reduce((best, one) => (one.meanLogprob > best.meanLogprob ? one : best));
}

function decodedOf({ tokens, rows, sum, state }: Path, ended: boolean): Decoded {
  return {
    tokens,
    ended,
    looped: goesRound(tokens.map(({ id }) => id)),
    attention: state.attention ? rows : null,
    meanLogprob: sum / (tokens.length + Number(ended)),
  };
}
