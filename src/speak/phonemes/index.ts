export {
  createEnglishPhonemizer,
  type EnglishPhonemizer,
  type EnglishPhonemizerOptions,
  type Phonemized,
  type PhonemizedWord,
} from './english.ts';
export { KOKORO_SYMBOLS } from './symbols.ts';
