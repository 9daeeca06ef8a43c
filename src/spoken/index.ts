export { type Change, type Normalised, normaliseForSpeech, type SpokenClass } from './normalise.ts';
