import type { Loss } from '#contract/loss.ts';

/** How two words sound beside each other, where that is known. */
export type Alike = 'same' | 'near' | null;

/** One place named as an example. `quote` is what stands there, `other` what it may be; both `null` where nothing may be quoted. */
export interface Place {
  /** Which part it is in; `null` where there is one only. */
  readonly part: string | null;
  /** First and last code point of the text the model was given, counted from 1. */
  readonly first: number;
  readonly last: number;
  readonly quote: string | null;
  readonly other: string | null;
  readonly alike: Alike;
}

/** How many places, and one of them. `isExact`: they were counted; else it is the number of errors to be expected among them. */
export interface Places {
  readonly count: number;
  readonly isExact: boolean;
  /** Less than half an error is to be expected: perhaps there is one. */
  readonly isUnlikely: boolean;
  /** More than those listed are known. */
  readonly isAtLeast: boolean;
  readonly example: Place | null;
}

/** Figures that may be named as not measured. */
export type Unknown =
  | 'errorRate'
  | 'deletedChars'
  | 'hallucination'
  | 'particles'
  | 'prosody'
  | 'questions'
  | 'emotion'
  | 'written'
  | 'timeUnseen'
  | 'tokenizer'
  | 'rareCharacters'
  | 'homophones';

/** The clauses of a headline in one language. Each is said only of what is there. */
export interface Phrases {
  dropped(parts: number): string;
  blank(pictures: number): string;
  unheard(ms: number): string;
  invented(probability: number | null): string;
  wrong(share: number): string;
  leftOut(characters: number): string;
  misheard(places: Places): string;
  misread(places: Places): string;
  readonly undescribed: string;
  unread(regions: number): string;
  notSpoken(pieces: number): string;
  other(kinds: readonly Loss['kind'][], losses: number): string;
  particles(slots: number): string;
  questions(probability: number): string;
  feelings(count: number): string;
  rare(characters: readonly (string | null)[], glossed: boolean): string;
  unseen(share: number): string;
  alike(places: Places): string;
  cues(count: number): string;
  readonly toneUntold: string;
  corrected(accepted: number, proposed: number): string;
  readonly escalated: string;
  more(clauses: number): string;
  readonly nothingConverted: string;
  readonly nothingDoubtful: string;
  readonly notAllMeasured: string;
  readonly and: string;
  readonly stop: string;
  readonly unknown: Readonly<Record<Unknown, string>>;
  readonly kinds: Readonly<Record<Loss['kind'], string>>;
}
