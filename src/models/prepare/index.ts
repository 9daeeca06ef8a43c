import { chineseWords } from './chinese-words.ts';
import { e5Encoder, e5Tokenizer } from './e5.ts';
import { englishWords } from './english-words.ts';
import { kokoroConv } from './kokoro-conv.ts';
import { moonshineAlignment } from './moonshine-alignment.ts';
import type { Preparation } from './preparation.ts';
import { whisperDecoder, whisperEncoder } from './whisper.ts';

/** Every preparation a catalogue entry may name. One line each. */
export const PREPARATIONS: readonly Preparation[] = [
  chineseWords,
  e5Encoder,
  e5Tokenizer,
  englishWords,
  kokoroConv,
  moonshineAlignment,
  whisperEncoder,
  whisperDecoder,
];
