export { createEnglishPhonemizer } from './english.ts';
export { KOKORO_SYMBOLS } from './symbols.ts';
