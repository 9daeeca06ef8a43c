const list = (words: string) => new Set(words.split(/\s+/u).filter(Boolean));

/** Always followed by the name or thing they belong to. Compared in lower case, without the last full stop. */
export const neverFinal = list(`
  dr mr mrs ms mx prof gen sen rep gov capt cpt lt col maj sgt cpl cmdr adm rev hon fr msgr pres supt messrs mmes
  mt ft vs e.g i.e cf viz approx ca fig figs eq eqs ch sec vol vols ed eds pp par art nos op
`);

/** Abbreviations before a number, ordinary words (or sentence ends) elsewhere: "No. 5", but "No. I stay." */
export const beforeNumber = list(
  'no p jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun',
);

/** May end a sentence or stand inside one; what follows decides. */
export const eitherWay = list(`
  inc ltd co corp llc bros jr sr st ave blvd rd hwy etc al dept univ assn est min max hr hrs mins secs lb lbs oz kg km cm mm
  sq tel ext resp incl excl govt intl natl
`);

/** Of those, the ones that a capital letter ends: "at 5 p.m. John left". */
export const finalBeforeCapital = list('etc a.m p.m al');

/** Words that begin a sentence so often that a doubtful full stop before them is taken as one. */
export const sentenceStarters = list(`
  The A An This That These Those There Here It Its He She We They You I My Your His Her Our Their What When Where Why Who How
  Which If In On At As For From With Without After Before Since While Although Though Because But And Or So Yet However
  Therefore Then Thus Also Now No Not Yes To By Is Are Was Were Do Does Did Can Could Will Would Should May Might Please
  Let Once Each Every Some Many Most Both All One Another Instead Meanwhile Finally First Second Next Today
`);
