import type { AskOptions } from '#contract/chat.ts';
import type { Loss } from '#contract/loss.ts';
import type { RouteWish } from '#contract/plan.ts';
import type { MediaInput } from '#media/index.ts';
import type { Turn } from './conversation.ts';
import type { MendWishes } from './mend-wishes.ts';
import type { SearchAlong } from './shelf/bring-along.ts';

/** One question to the model: in words, in media, or both, with the conversation before it. */
export interface AnswerRequest extends AskOptions {
  readonly question: string | null;
  readonly media: readonly MediaInput[];
  /** What was said before; question and media come after it. Alone, its last message is the question. */
  readonly turns?: readonly Turn[] | undefined;
  /** Language spoken in the recordings, where the caller knows it (BCP 47). */
  readonly language?: string | undefined;
  /** Speaks the answer with this voice; `null` answers in text only. */
  readonly voice: string | null;
  readonly speed: number;
  /** What the model is told first; `null` takes the built-in words, an empty text none. Left out: those beside a transcript. */
  readonly system?: string | null | undefined;
  /** Language model; the configured one where none is named. */
  readonly model?: string | undefined;
  readonly wish?: RouteWish | undefined;
  /** Vector stores to look in first; what is found there goes along with the question. */
  readonly search?: SearchAlong | undefined;
  /** What to win back of what is lost on the way; `false` does nothing of the kind. */
  readonly mend?: MendWishes | false | undefined;
  /** `forbid` ends the request at the first loss. */
  readonly loss?: 'report' | 'forbid' | undefined;
  /** What had to be left out before the request came here; it goes into the ledger. */
  readonly lost?: readonly Loss[] | undefined;
  /** The id of the request, where it has one already. */
  readonly requestId?: string | undefined;
  /** `false` when nobody needs the answer before it is whole. */
  readonly stream?: boolean | undefined;
}
