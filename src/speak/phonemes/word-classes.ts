/** Closed classes of English words, lower case: the neighbours that tell a noun from a verb. */
const set = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/));

export const ARTICLES = set('a an the');
export const POSSESSIVES = set('my your his her its our their whose');
export const QUANTIFIERS = set(
  'this these those that every each some any no another both all several few many most more much what which other',
);
export const NUMBERS = set(
  'one two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty hundred thousand million',
);
export const SUBJECTS = set(
  'i you he she it we they who people everyone everybody someone somebody anyone anybody nobody let',
);
export const OBJECTS = set('me you him her it us them myself yourself himself herself itself themselves ourselves');
export const MODALS = set(
  "can could will would shall should may might must do does did cannot can't couldn't won't wouldn't shan't shouldn't mustn't don't doesn't didn't 'll let's please i'll you'll he'll she'll it'll we'll they'll who'll i'd you'd he'd she'd we'd they'd",
);
export const HAVES = set("have has had having haven't hasn't hadn't 've i've you've we've they've");
export const BES = set(
  "am is are was were be been being isn't aren't wasn't weren't i'm you're he's she's it's we're they're that's what's there's who's seems seemed become became becomes becoming stay stayed remain remained feel felt looked looks",
);
export const GETS = set('get gets got getting gotten become becomes became becoming');
export const PREPOSITIONS = set(
  'of in on at by for with from into onto over under about after before between through during without against among within upon toward towards as like per than via despite',
);
export const CONJUNCTIONS = set(
  'and or but nor so yet if when while because although though unless until since whether',
);
export const WH_ADVERBS = set('how where when why');
export const ADVERBS = set(
  'not never always often usually sometimes also just still now then only ever even really once soon',
);
export const DEGREES = set('very too so quite rather more most less fairly pretty as how');
export const SAYING = set(
  'say says said saying know knows knew known think thinks thought believe believed hope hoped show shows showed shown found find suggest suggests suggested mean means meant sure told tell tells feel felt realise realize realized seems seemed agree agreed claim claims claimed argue argued believe believes fact so such now given ensure',
);
/** Adjectives without a telling ending; the others are known by their suffix. */
export const ADJECTIVES = set(
  'good new old big great small little large long short high low strong deep fresh early late last next first second third own main public real whole hard cold hot warm young best better bad free full black white red blue green final major minor annual daily useful single same different armed strange recent common special general criminal',
);
export const PLURALS = set('people children men women police cattle mice feet teeth data');

/** Verbs whose base form is spelled like their past, so "have", "was" or a bare "she" can tell the tense. */
export const SAME_PAST = set(
  'read reread wound dove upset offset cut undercut underbid overbid sublet rerun overrun recast',
);
