import type { DoubtfulSpan, Ledger, Measured } from '#contract/ledger.ts';
import { textGiven } from '#contract/perception.ts';
import type { ModelTokens } from '#tokens/index.ts';
import type { Dictionary, EnglishSounds } from '#words/index.ts';
import type { LedgerInput } from '../ledger.ts';
import { measured, unmeasured } from '../unmeasured.ts';
import { homophoneLoss } from './homophones.ts';
import { rareIn } from './rare.ts';
import { readAsTokens } from './read-as-tokens.ts';

/** What is known of the model and of words; `null` where nobody could say. */
export interface ModelKnowledge {
  readonly tokens: ModelTokens | null;
  readonly dictionary: Dictionary | null;
  readonly english: EnglishSounds | null;
}

export interface ModelFound {
  readonly loss: Ledger['loss']['model'];
  /** Words that are seldom what their sound means. */
  readonly spans: readonly DoubtfulSpan[];
}

const NO_TOKENIZER = unmeasured('No tokenizer of this model is known.');

/** Loss 3: where the text, right or wrong, will mislead this language model. `spans` are what loss 1 counts already. */
export function modelLoss(
  { perceptions }: Pick<LedgerInput, 'perceptions'>,
  spans: readonly DoubtfulSpan[],
  { tokens, dictionary, english }: ModelKnowledge = { tokens: null, dictionary: null, english: null },
): ModelFound {
  const {
    homophones,
    homophoneOverlap,
    spans: homophoneSpans,
  } = homophoneLoss(perceptions, spans, dictionary, english);
  const rare = rareIn(perceptions, tokens);
  const read = tokens && readAsTokens(perceptions.map(textGiven), tokens);
  return {
    loss: {
      tokenizer: tokens?.id ?? null,
      tokensPerHan: read ? read.tokensPerHan : NO_TOKENIZER,
      ...{ homophones, homophoneOverlap },
      rareCharacters: tokens ? counted(rare, tokens) : NO_TOKENIZER,
      rare: [...rare.listed],
      roundTrip: read ? read.roundTrip : NO_TOKENIZER,
    },
    spans: homophoneSpans,
  };
}

function counted({ risky, unknown, isWhole }: ReturnType<typeof rareIn>, tokens: ModelTokens): Measured {
  if (!isWhole) return unmeasured('The text has more kinds of characters than are looked at.');
  if (unknown > 0) {
    return unmeasured(
      `Of ${unknown} kinds of characters nobody knows how well the model was trained on them: its embeddings cannot be read.`,
    );
  }
  return measured(risky, `${tokens.trained ? 'tokenizer-and-embeddings' : 'tokenizer'}:${tokens.id}`);
}
