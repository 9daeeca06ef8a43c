/** What happens to one unit: it is the same, another stands there, it is missing, or it is too much. */
export type EditKind = 'hit' | 'substitution' | 'deletion' | 'insertion';

/** What an edit costs, and which kind is taken, seen from the end of both texts, where several ways are equally cheap. */
export interface Costs {
  readonly substitution: number;
  readonly deletion: number;
  readonly insertion: number;
  readonly ties: readonly EditKind[];
  /** Whether what both begin and end with is set aside before anything else; it decides some ties. */
  readonly trim: boolean;
}

/** Every edit costs the same; ties as rapidfuzz breaks them, and so jiwer (MIT, version 4.0.0), whose counts come out. */
export const LEVENSHTEIN: Costs = {
  substitution: 1,
  deletion: 1,
  insertion: 1,
  ties: ['deletion', 'substitution', 'insertion', 'hit'],
  trim: true,
};

/** The weights and ties of NIST sclite (SCTK 2.4.10): a substitution costs less than a deletion and an insertion. */
export const SCLITE: Costs = {
  substitution: 4,
  deletion: 3,
  insertion: 3,
  ties: ['hit', 'substitution', 'insertion', 'deletion'],
  trim: false,
};
