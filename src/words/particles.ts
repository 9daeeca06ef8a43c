/** A particle or filler as it was found and how often. */
export interface ParticleCount {
  readonly kind: 'particle' | 'filler';
  readonly text: string;
  readonly count: number;
}

/** The strict list of research/loss.md §2.2 without its two hesitations, and the traditional forms of its characters. */
const PARTICLES = '吧呢啊嘛吗哦呀啦嘞咯呗噢唉诶欸喔哟呦哇哎嗎唄誒喲';
/** The hesitations of that list: said while thinking, or to show that one listens. */
const HESITATIONS = '嗯呃';
/** Words in which those characters are no particles. */
const NOT_PARTICLES = /(?<!喝)酒吧|网吧|氧吧|吧[台女]|呢[绒喃]|[毛花]呢|吗啡|啦啦队|咯血|咯[吱噔咯]|唉声叹气/gu;

type Spelling = readonly [name: string, spelled: RegExp];

/**
 * Sounds of hesitation and of listening that are nothing else in their language; what is also a word there (“well”, “like”, 那个, “eh”) is
 * not here.
 */
const FILLERS: Readonly<Record<string, readonly Spelling[]>> = {
  en: [
    ['um', alone('u+m+')],
    ['uh', alone('u+h+')],
    ['er', alone('e+r+|e+r+m+')],
    ['hmm', alone('h+m+')],
    ['mm', alone('m{2,}')],
    ['uh-huh', alone('u+h+-h+u+h+|m+-?h+m+')],
    ['ah', alone('a+h+')],
    ['oh', alone('o+h+')],
    ['huh', alone('h+u+h+')],
  ],
  de: [
    ['äh', alone('ä+h+')],
    ['ähm', alone('(?:ä+h*|e+h+)m+')],
    ['hm', alone('h+m+')],
  ],
  fr: [['euh', alone('e+u+h+')]],
  ja: [
    ['えーと', /え[ーえ]と|えっと/gu],
    ['あのー', /あの[ーう〜]/gu],
    ['うーん', /う[ーう]+ん/gu],
  ],
};

function alone(spelled: string): RegExp {
  return new RegExp(`(?<![\\p{Script=Latin}\\p{N}'’-])(?:${spelled})(?![\\p{Script=Latin}\\p{N}'’-])`, 'giu');
}

/** Whether particles are counted in a language, and whether fillers are; of a text without a tag both are, in Chinese and English. */
export function countedIn(language: string | null): { readonly particles: boolean; readonly fillers: boolean } {
  const tag = primary(language);
  const particles = tag === null || isChinese(tag);
  return { particles, fillers: particles || Object.hasOwn(FILLERS, tag) };
}

/**
 * Counts the particles (语气词) and fillers of a text. `language` is a BCP 47 tag: a filler counts in its own language only, for `um` is "because" in
 * German and "a" in Portuguese; without a tag those of Chinese and English do.
 */
export function particlesIn(text: string, language: string | null = null): ParticleCount[] {
  const tag = primary(language);
  const found: ParticleCount[] = [];
  if (tag === null || isChinese(tag)) {
    const counts = new Map<string, number>();
    for (const { text: character } of particlePlaces(text)) counts.set(character, (counts.get(character) ?? 0) + 1);
    for (const [particle, count] of counts) {
      found.push({ kind: HESITATIONS.includes(particle) ? 'filler' : 'particle', text: particle, count });
    }
  }
  for (const [filler, spelled] of FILLERS[tag ?? 'en'] ?? []) {
    const count = text.match(spelled)?.length ?? 0;
    if (count > 0) found.push({ kind: 'filler', text: filler, count });
  }
  return found;
}

/** Where the Chinese particles and hesitations of a text stand, in code points and in order. */
export function particlePlaces(text: string): { readonly at: number; readonly text: string }[] {
  const characters = [...text.replaceAll(NOT_PARTICLES, (word) => '\u0000'.repeat([...word].length))];
  return characters.flatMap((character, at) =>
    PARTICLES.includes(character) || HESITATIONS.includes(character) ? [{ at, text: character }] : [],
  );
}

function primary(language: string | null): string | null {
  return language?.toLowerCase().split('-')[0] ?? null;
}

function isChinese(tag: string): boolean {
  return tag === 'zh' || tag === 'cmn' || tag === 'yue';
}
