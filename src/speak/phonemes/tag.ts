/** The Penn Treebank tags that change how an English word is said; `X` is "anything else". */
export type Tag = 'NN' | 'NNP' | 'VB' | 'VBD' | 'VBN' | 'VBP' | 'JJ' | 'RB' | 'DT' | 'IN' | 'PRP' | 'X';

const PARENTS: Partial<Record<Tag, string>> = {
  NN: 'NOUN',
  NNP: 'NOUN',
  VB: 'VERB',
  VBD: 'VERB',
  VBN: 'VERB',
  VBP: 'VERB',
  JJ: 'ADJ',
  RB: 'ADV',
};

/** The wider class under which the lexicon may hold a pronunciation. */
export function parentOf(tag: Tag): string {
  return PARENTS[tag] ?? tag;
}
