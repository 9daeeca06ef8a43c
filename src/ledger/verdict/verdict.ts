import type { Ledger } from '#contract/ledger.ts';
import { type Facts, factsOf, type Judged } from './facts.ts';
import { levelOf } from './level.ts';
import type { Phrases } from './phrases.ts';
import { english } from './phrases-en.ts';
import { chinese } from './phrases-zh.ts';
import { unknownsOf } from './unknowns.ts';

/** More than this nobody reads in one sentence; the rest is counted. */
const MOST_CLAUSES = 4;
/** A probability from which on a question asked by tone alone is worth a clause. */
const QUESTION_FROM = 0.5;
/** A share of wrong text below this is said by the places themselves. */
const WRONG_FROM = 0.1;

/** The words for people in a language: Chinese, or English for all others. */
export function phrasesIn(language: string): Phrases {
  return /^(zh|cmn)\b/i.test(language) ? chinese : english;
}

/**
 * Says in one word and one sentence what probably did not come through, the most important first. Everything is taken from the ledger.
 * With `quotes` off no word of the user is in it.
 */
export function judge(ledger: Judged, language: string, { quotes = true } = {}): Ledger['verdict'] {
  const say = phrasesIn(language);
  const facts = factsOf(ledger, quotes);
  const level = levelOf(facts, ledger);
  return { level, headline: headlineOf(facts, level, say), unknowns: unknownsOf(facts, ledger, say) };
}

function headlineOf(facts: Facts, level: Ledger['verdict']['level'], say: Phrases): string {
  const clauses = clausesOf(facts, say);
  if (clauses.length === 0) {
    if (!facts.isHeard && !facts.isRead) return say.nothingConverted;
    return level === 'unknown' ? say.notAllMeasured : say.nothingDoubtful;
  }
  const said = clauses.slice(0, MOST_CLAUSES);
  if (clauses.length > MOST_CLAUSES) said.push(say.more(clauses.length - MOST_CLAUSES));
  const sentence = said.join(say.and) + say.stop;
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

// What did not come through, what came through wrongly, what was won back of it, what text dropped, what may mislead the model.
function clausesOf(facts: Facts, say: Phrases): string[] {
  const { errorRate, signals, invented, others, rare } = facts;
  const when = (isThere: boolean, clause: () => string) => (isThere ? [clause()] : []);
  return [
    ...when(facts.dropped > 0, () => say.dropped(facts.dropped)),
    ...when(facts.blank > 0, () => say.blank(facts.blank)),
    ...when(facts.unheardMs > 0, () => say.unheard(facts.unheardMs)),
    ...when(signals > 0 || (invented ?? 0) >= 0.5, () => say.invented(invented)),
    ...when((errorRate ?? 0) >= WRONG_FROM, () => say.wrong(errorRate ?? 0)),
    ...when(facts.misheard.count > 0, () => say.misheard(facts.misheard)),
    ...when(facts.misread.count > 0, () => say.misread(facts.misread)),
    ...when(facts.deleted > 0, () => say.leftOut(facts.deleted)),
    ...when(facts.unread > 0, () => say.unread(facts.unread)),
    ...when(facts.undescribed, () => say.undescribed),
    ...when(facts.particles > 0, () => say.particles(facts.particles)),
    ...when(rare.length > 0, () => say.rare(rare, facts.isGlossed)),
    ...when(facts.notSpoken > 0, () => say.notSpoken(facts.notSpoken)),
    ...when(facts.corrected > 0, () => say.corrected(facts.corrected, facts.proposed)),
    ...when(facts.isEscalated, () => say.escalated),
    ...when(others.count > 0, () => say.other(others.kinds, others.count)),
    ...when(facts.question >= QUESTION_FROM, () => say.questions(facts.question)),
    ...when(facts.feelings > 0, () => say.feelings(facts.feelings)),
    ...when(facts.timeUnseen >= 0.005, () => say.unseen(facts.timeUnseen)),
    ...when(facts.ambiguous.count > 0, () => say.alike(facts.ambiguous)),
    ...when(facts.cues > 0, () => say.cues(facts.cues)),
    ...when(facts.isToneUntold, () => say.toneUntold),
  ];
}
