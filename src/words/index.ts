export { ambiguityOf, type HeardWord, heardWords, type SameSound } from './ambiguity.ts';
export { DICTIONARY_FILE, type Dictionary, openDictionary } from './dictionary.ts';
export { packDictionary } from './dictionary-file.ts';
export { type Margin, type MarginOptions, margins } from './homophones.ts';
export { atLeast, type Likeness, likeness, likenessOfReadings, nearKeys } from './near.ts';
export { countedIn, type ParticleCount, particlesIn } from './particles.ts';
export { type Reading, reading, readingsOf, type Sound, soundsOf } from './pinyin.ts';
export { dictionaryFrom, readCounts } from './read-counts.ts';
export { isUnheard } from './unheard.ts';
