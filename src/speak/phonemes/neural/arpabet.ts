import type { Variant } from '../variant.ts';

const VOWELS: Readonly<Record<string, string>> = {
  AA: 'ɑ',
  AE: 'æ',
  AH: 'ʌ',
  AO: 'ɔ',
  AW: 'W',
  AY: 'I',
  EH: 'ɛ',
  ER: 'ɜɹ',
  EY: 'A',
  IH: 'ɪ',
  IY: 'i',
  OW: 'O',
  OY: 'Y',
  UH: 'ʊ',
  UW: 'u',
};

const CONSONANTS: Readonly<Record<string, string>> = {
  CH: 'ʧ',
  DH: 'ð',
  G: 'ɡ',
  HH: 'h',
  JH: 'ʤ',
  NG: 'ŋ',
  R: 'ɹ',
  SH: 'ʃ',
  TH: 'θ',
  Y: 'j',
  ZH: 'ʒ',
};

const MARKS: Readonly<Record<string, string>> = { '1': 'ˈ', '2': 'ˌ' };

/** Writes ARPAbet in Kokoro's symbols. British is an approximation, for the model only learned American. */
export function arpabetToKokoro(phones: readonly string[], variant: Variant): string {
  const symbols = phones.map(symbolOf).join('');
  return variant === 'gb' ? toBritish(symbols) : toAmerican(symbols);
}

/** One phoneme, its stress mark before it as the lexicon writes it. */
function symbolOf(phone: string): string {
  const [, sound = '', stress = ''] = /^([A-Z]+)([012]?)$/.exec(phone) ?? [];
  if (stress === '0' && sound === 'AH') return 'ə';
  if (stress === '0' && sound === 'ER') return 'əɹ';
  const vowel = VOWELS[sound];
  if (vowel !== undefined) return (MARKS[stress] ?? '') + vowel;
  return CONSONANTS[sound] ?? sound.toLowerCase();
}

/** Syllabic l and n, the flap, and the weak vowel of -es and -ed, as the American lexicon writes them. */
function toAmerican(symbols: string): string {
  return symbols
    .replace(/(?<=[bdfkpstvzɡʃʒʤʧθ])ə(?=l$|l[sz]$)/u, 'ᵊ')
    .replace(/(?<=[dtszʃʒ])ə(?=n$|n[sz]$|ns)/u, 'ᵊ')
    .replace(/(?<=[szʃʒʤʧ])[əɪ](?=z$)/u, 'ᵻ')
    .replace(/(?<=[td])[əɪ](?=d$)/u, 'ᵻ')
    .replace(/(?<=[AIOWYiuæɑəɛɪɹʊʌ])t(?=[əɪiᵊᵻO])/gu, 'ɾ');
}

/** The regular differences: no r before a consonant or at the end, long vowels, the GOAT, LOT and TRAP vowels. */
function toBritish(symbols: string): string {
  const vowel = 'ˈˌAIOWYiuæɑɔəɛɜɪʊʌ';
  return symbols
    .replace(new RegExp(`ɔɹ(?![${vowel}])`, 'gu'), 'ɔː')
    .replace(new RegExp(`ɑɹ(?![${vowel}])`, 'gu'), 'ɑː')
    .replace(new RegExp(`ɜɹ(?![${vowel}])`, 'gu'), 'ɜː')
    .replace(new RegExp(`ɛɹ(?![${vowel}])`, 'gu'), 'ɛː')
    .replace(new RegExp(`([ɪʊi])ɹ(?![${vowel}])`, 'gu'), '$1ə')
    .replace(new RegExp(`əɹ(?![${vowel}])`, 'gu'), 'ə')
    .replace(/ɔ(?!ː)/gu, 'ɔː')
    .replace(/ɑ(?!ː)/gu, 'ɒ')
    .replace(/ɜ(?!ː)/gu, 'ɜː')
    .replaceAll('O', 'Q')
    .replaceAll('æ', 'a')
    .replace(/(?<=[ˈˌ])([iu])/gu, '$1ː')
    .replace(/(?<=[bdfkpstvzɡʃʒʤʧθ])ə(?=l$|l[sz]$)/u, 'ᵊ');
}
