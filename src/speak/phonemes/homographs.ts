import { isDeterminer, type Neighbours } from './neighbours.ts';
import type { Tag } from './tag.ts';
import {
  ADJECTIVES,
  BES,
  CONJUNCTIONS,
  DEGREES,
  HAVES,
  MODALS,
  OBJECTS,
  PLURALS,
  PREPOSITIONS,
  SAME_PAST,
  SUBJECTS,
  WH_ADVERBS,
} from './word-classes.ts';

/** Words that before a noun are nearly always adjectives, and as nouns are rare. */
const ADJECTIVE_FIRST =
  /^(close|live|present|perfect|separate|moderate|alternate|deliberate|intimate|elaborate|learned)$/;

/** Before "to", these make what follows a noun: "subject to change", "due to increase". */
const TO_NOUN = /^(subject|according|due|access|prior|thanks|relative|next|close|back|addition|addicted)$/;

const PLACE = /^(overall|uphill|underground)$/;

/** Tells noun, verb, adjective and past participle apart by the words around; `X` when nothing speaks. */
export function guessHomograph(word: string, around: Neighbours): Tag {
  const { previous, governor, governorBefore, next } = around;
  if (PLACE.test(word)) return next === null || previous === null ? 'RB' : 'X';
  if (word === 'present' && previous !== null && PREPOSITIONS.has(next ?? '') && !around.determined) return 'JJ';
  if (previous === null) return afterPause(word, next);
  if (DEGREES.has(previous)) return ADJECTIVE_FIRST.test(word) || !takesObject(next) ? 'JJ' : 'VB';
  if (around.determined) return afterDeterminer(word, around);
  if (governor === null) return word === 'minute' && !isFunctional(next) ? 'JJ' : afterPause(word, next);
  if (governor === 'to') return TO_NOUN.test(governorBefore ?? '') ? 'NN' : 'VB';
  if (MODALS.has(governor)) return 'VB';
  if (HAVES.has(governor)) return SAME_PAST.has(word) ? 'VBN' : 'NN';
  if (BES.has(governor)) return SAME_PAST.has(word) ? 'VBN' : 'JJ';
  if (SUBJECTS.has(governor) || governor === 'that') return afterSubject(word, around);
  if (PREPOSITIONS.has(governor)) return isAdjectiveUse(word, next) ? 'JJ' : 'NN';
  if (CONJUNCTIONS.has(governor)) return afterPause(word, next);
  if (looksAdjectival(governor)) return 'NN';
  return afterNoun(word, governor, around);
}

function afterPause(word: string, next: string | null): Tag {
  if (takesObject(next)) return 'VB';
  return isAdjectiveUse(word, next) ? 'JJ' : 'NN';
}

function afterDeterminer(word: string, { previousButOne, next }: Neighbours): Tag {
  if (SAME_PAST.has(word) && HAVES.has(previousButOne ?? '')) return 'VBN';
  return isAdjectiveUse(word, next) ? 'JJ' : 'NN';
}

/** After "she", "people", "who": a verb, present or past; the bare verb when an auxiliary stands in front. */
function afterSubject(word: string, { governor, governorBefore, opening }: Neighbours): Tag {
  if ([governorBefore, ...opening.slice(0, 3)].some((helper) => MODALS.has(helper ?? ''))) return 'VB';
  if (HAVES.has(governorBefore ?? '')) return SAME_PAST.has(word) ? 'VBN' : 'NN';
  if (BES.has(governorBefore ?? '')) return 'JJ';
  return SAME_PAST.has(word) && governor !== 'let' && governor !== 'people' ? 'VBD' : 'VB';
}

/** After a noun: "metals contract" and "the road winds through" are verbs, "world record" and "strong winds" are not. */
function afterNoun(word: string, noun: string, { governorBefore, opening, next }: Neighbours): Tag {
  if (opening.slice(0, 2).some((helper) => MODALS.has(helper))) return 'VB';
  if (SAME_PAST.has(word)) return 'VBD';
  if (word.endsWith('s')) return takesObject(next) || PREPOSITIONS.has(next ?? '') ? 'VB' : 'NN';
  if (PLURALS.has(noun) || /[^s]s$/.test(noun)) return 'VB';
  return takesObject(next) && !isDeterminer(governorBefore ?? '') ? 'VB' : 'NN';
}

/** The next word can open an object: "the", "her", "them", "how". */
function takesObject(next: string | null): boolean {
  return next !== null && (isDeterminer(next) || OBJECTS.has(next) || WH_ADVERBS.has(next));
}

function isAdjectiveUse(word: string, next: string | null): boolean {
  return ADJECTIVE_FIRST.test(word) && !isFunctional(next);
}

/** The next word is not a noun this one could describe. */
function isFunctional(next: string | null): boolean {
  if (next === null || next === 'to') return true;
  return (
    [PREPOSITIONS, CONJUNCTIONS, BES, HAVES, MODALS, SUBJECTS].some((words) => words.has(next)) || isDeterminer(next)
  );
}

function looksAdjectival(word: string): boolean {
  return ADJECTIVES.has(word) || /(al|ive|ous|ful|ic|able|ible|less|ent|ant|ish|ary)$/.test(word);
}
