/**
 * Characters that one and the same spoken word is written with: no ear can tell them apart, the writer chooses by who is
 * meant (他 she/he/it) or by grammar (的/地/得). A choice among them is no mishearing, yet the text claims what was not said.
 */
const GROUPS = ['他她它', '的地得'] as const;

/** Whether a word's writing says more than its sound can, such as 她们 beside 他们. */
export function isUnheard(word: string, other: string): boolean {
  if (word.length !== other.length || word === other) return false;
  return Array.from(word).every((character, at) => {
    const beside = other.charAt(at);
    return character === beside || GROUPS.some((group) => group.includes(character) && group.includes(beside));
  });
}
