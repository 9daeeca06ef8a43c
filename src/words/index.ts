export { ambiguityOf, type HeardWord, heardWords, type SameSound } from './ambiguity.ts';
export { isCommonHan, isHan, type Level, levelOf } from './characters.ts';
export { type Dictionary, openDictionary } from './dictionary.ts';
export { packDictionary } from './dictionary-file.ts';
export { type Pronounced, type SoundGroup, soundGroups } from './english-sounds.ts';
export {
  type EnglishSounds,
  englishSounds,
  heardEnglish,
  openEnglishSounds,
  writeGroups,
} from './english-words.ts';
export { type Margin, type MarginOptions, margins } from './homophones.ts';
export { type Lattice, latticeOf } from './lattice.ts';
export { type Likeness, likenessOfReadings, nearKeys } from './near.ts';
export { countedIn, type ParticleCount, particlePlaces, particlesIn } from './particles.ts';
export { type Reading, reading, readingsOf, type Sound, soundsOf } from './pinyin.ts';
export { dictionaryFrom, readCounts } from './read-counts.ts';
export { loadOneSpelling, loadSimplified } from './script.ts';
export { writtenAsHeard } from './sound-alikes.ts';
export { plainLetters, soundKeys, wordsAlike } from './spelled.ts';
export { stepsBetween, stepsBetweenReadings } from './steps.ts';
export { isUnheard } from './unheard.ts';
