export { encoderFor, encodeSound, encodeWholeSound, soundFormat } from './encode.ts';
export { SOUND_FORMATS, type SoundFormat, type SoundWanted } from './formats.ts';
