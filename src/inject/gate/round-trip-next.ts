import type { GateCheck } from '#contract/gate.ts';
import type { VectorModel } from '#contract/ports.ts';
import type { PromptPiece } from '#contract/prompt-vectors.ts';
import { throwIfCancelled } from '#kit/abort.ts';
import { failed, figure, passed } from './verdict.ts';

/** Positions asked, a request each, three times over. */
const POSITIONS = 32;
const TOP = 20;
const FLOOR_TIMES = 3;
/** Below this a difference of log-probabilities is the rounding of a server that counts in bfloat16. */
const LEAST_DIFFERENCE = 0.01;

interface Seen {
  same: number;
  difference: number;
  compared: number;
}

/**
 * The round trip through a server that shows no logits: the likeliest next tokens after a growing beginning, asked with tokens, with
 * tokens again (the server's own noise), and with vectors.
 */
export async function nextRoundTrip(
  model: VectorModel,
  texts: readonly (readonly number[])[],
  vectorsOf: (tokens: readonly number[]) => Promise<Float32Array>,
  { signal, onText }: { readonly signal: AbortSignal; onText?(done: number, total: number): void },
): Promise<GateCheck> {
  const beginnings = spread(texts);
  const [repeated, direct]: [Seen, Seen] = [nothing(), nothing()];
  const opening: readonly PromptPiece[] = model.opening?.length ? [{ tokens: model.opening }] : [];
  for (const [at, tokens] of beginnings.entries()) {
    throwIfCancelled(signal);
    const first = await model.next([...opening, { tokens }], TOP, signal);
    note(repeated, first, await model.next([...opening, { tokens }], TOP, signal));
    note(direct, first, await model.next([...opening, { vectors: await vectorsOf(tokens) }], TOP, signal));
    onText?.(at + 1, beginnings.length);
  }
  const asked = beginnings.length;
  const [floorTop, top] = [repeated.same / asked, direct.same / asked];
  const [floor, difference] = [repeated, direct].map(({ difference: sum, compared }) =>
    compared === 0 ? Number.POSITIVE_INFINITY : sum / compared,
  ) as [number, number];
  const most = Math.max(FLOOR_TIMES * floor, LEAST_DIFFERENCE);
  const figures = {
    value: difference,
    measured: `first token the same in ${figure(top * 100)} % of ${asked}, log-probabilities ${figure(difference)} apart`,
    threshold: `≥ ${figure(floorTop * 100)} % and ≤ ${figure(most)}`,
  };
  if (top >= floorTop && difference <= most) {
    return passed(
      'round-trip',
      'Vectors of the model’s own table are its tokens to it, as far as the server shows.',
      figures,
    );
  }
  return failed('round-trip', 'refused', 'EMB_ROUNDTRIP', {
    ...figures,
    message: 'Rows of the model’s own table are not its tokens to this server.',
    remedy: 'Take the table from the very weights that are served; for Gemma set the scale rule.',
  });
}

/** Beginnings of the texts, each text in turn, until there are enough. */
function spread(texts: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const beginnings: (readonly number[])[] = [];
  for (let length = 2; beginnings.length < POSITIONS && texts.some((one) => one.length >= length); length += 3) {
    for (const tokens of texts) {
      if (tokens.length >= length && beginnings.length < POSITIONS) beginnings.push(tokens.slice(0, length));
    }
  }
  return beginnings;
}

const nothing = (): Seen => ({ same: 0, difference: 0, compared: 0 });

type Next = Awaited<ReturnType<VectorModel['next']>>;

function note(seen: Seen, wanted: Next, found: Next): void {
  if (wanted[0]?.text === found[0]?.text) seen.same += 1;
  const there = new Map(found.map(({ text, logprob }) => [text, logprob]));
  for (const { text, logprob } of wanted) {
    const other = there.get(text);
    if (other === undefined) continue;
    seen.difference += Math.abs(logprob - other);
    seen.compared += 1;
  }
}
