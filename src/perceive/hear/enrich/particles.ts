/** A particle or filler as it was found and how often. */
export interface ParticleCount {
  readonly kind: 'particle' | 'filler';
  readonly text: string;
  readonly count: number;
}

/** The strict list: what is counted as a Mandarin particle, by character. */
const PARTICLES = '吧呢啊嘛吗哦呀啦嘞咯呗噢嗯呃唉诶欸喔哟呦哇哎';
/** Words in which those characters are no particles. */
const NOT_PARTICLES = /(?<!喝)酒吧|网吧|氧吧|吧[台女]|呢[绒喃]|[毛花]呢|吗啡|啦啦队|咯血|咯[吱噔咯]|唉声叹气/gu;
/** English sounds of hesitation and of listening, with their spellings. */
const FILLERS: readonly (readonly [string, RegExp])[] = [
  ['um', /(?<![\p{Script=Latin}\p{N}'’-])u+m+(?![\p{Script=Latin}\p{N}'’-])/giu],
  ['uh', /(?<![\p{Script=Latin}\p{N}'’-])u+h+(?![\p{Script=Latin}\p{N}'’-])/giu],
  ['er', /(?<![\p{Script=Latin}\p{N}'’-])(?:e+r+|e+r+m+)(?![\p{Script=Latin}\p{N}'’-])/giu],
  ['hmm', /(?<![\p{Script=Latin}\p{N}'’-])h+m+(?![\p{Script=Latin}\p{N}'’-])/giu],
  ['mm', /(?<![\p{Script=Latin}\p{N}'’-])m{2,}(?![\p{Script=Latin}\p{N}'’-])/giu],
  ['uh-huh', /(?<![\p{Script=Latin}\p{N}'’-])(?:u+h+-h+u+h+|m+-?h+m+)(?![\p{Script=Latin}\p{N}'’-])/giu],
  ['ah', /(?<![\p{Script=Latin}\p{N}'’-])a+h+(?![\p{Script=Latin}\p{N}'’-])/giu],
  ['oh', /(?<![\p{Script=Latin}\p{N}'’-])o+h+(?![\p{Script=Latin}\p{N}'’-])/giu],
  ['huh', /(?<![\p{Script=Latin}\p{N}'’-])h+u+h+(?![\p{Script=Latin}\p{N}'’-])/giu],
];

/**
 * Counts the particles (语气词) and fillers of a text. `language` is a BCP 47 tag: fillers are counted in English only, for `um` is "because" in German
 * and "a" in Portuguese; without a tag both lists are.
 */
export function particlesIn(text: string, language: string | null = null): ParticleCount[] {
  const tag = language?.toLowerCase().split('-')[0] ?? null;
  const found: ParticleCount[] = [];
  if (tag === null || ['zh', 'cmn', 'yue'].includes(tag)) {
    const counts = new Map<string, number>();
    for (const character of text.replaceAll(NOT_PARTICLES, '')) {
      if (PARTICLES.includes(character)) counts.set(character, (counts.get(character) ?? 0) + 1);
    }
    for (const [particle, count] of counts) found.push({ kind: 'particle', text: particle, count });
  }
  if (tag === null || tag === 'en') {
    for (const [filler, spellings] of FILLERS) {
      const count = text.match(spellings)?.length ?? 0;
      if (count > 0) found.push({ kind: 'filler', text: filler, count });
    }
  }
  return found;
}
