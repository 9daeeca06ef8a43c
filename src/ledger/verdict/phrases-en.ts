import type { Phrases, Place, Places } from './phrases.ts';

const plural = (n: number, one: string, many = `${one}s`) => `${n} ${n === 1 ? one : many}`;
const percent = (share: number) => `${Math.round(share * 100)} %`;

function at({ part, first, last, quote, other, alike }: Place): string {
  const where = `${part === null ? '' : `${part}, `}${last > first ? `characters ${first}–${last}` : `character ${first}`}`;
  if (quote === null) return where;
  const sound = alike === 'same' ? ', same sound' : alike === 'near' ? ', similar sound' : '';
  return `${where}: “${quote}”${other === null ? '' : ` or “${other}”${sound}`}`;
}

function places({ count, isExact, isUnlikely, isAtLeast, example }: Places, one: string): string {
  const about = isAtLeast ? 'at least ' : isUnlikely ? 'perhaps ' : isExact ? '' : 'about ';
  return `${about}${plural(count, 'place')} ${one}${example === null ? '' : ` (${at(example)})`}`;
}

/** What is told people in English. */
export const english: Phrases = {
  dropped: (n) => `${plural(n, 'part')} did not reach the model`,
  blank: (n) => `nothing of ${plural(n, 'picture')} came through`,
  unheard: (ms) => `${(ms / 1000).toFixed(1)} s of voice gave no words`,
  invented: (p) => `some of the text may never have been said${p === null ? '' : ` (${percent(p)})`}`,
  wrong: (share) => `about ${percent(share)} of the text is wrong`,
  leftOut: (n) => `about ${plural(n, 'character')} that ${n === 1 ? 'was' : 'were'} said may be missing`,
  misheard: (of) => places(of, 'may be misheard'),
  misread: (of) => places(of, 'may be misread'),
  undescribed: 'what the pictures show was not told',
  unread: (n) => `${plural(n, 'place')} with writing ${n === 1 ? 'was' : 'were'} not read`,
  notSpoken: (n) => `${plural(n, 'piece')} of the answer ${n === 1 ? 'was' : 'were'} not spoken`,
  other: (kinds, n) => {
    const named = kinds.slice(0, 2).map((kind) => english.kinds[kind]);
    return `${plural(n, 'other loss', 'other losses')} (${named.join(', ')}${kinds.length > 2 ? ', …' : ''})`;
  },
  particles: (n) => `about ${plural(n, 'particle')} may be missing`,
  questions: (p) => `a sentence may be a question by its tone alone (${percent(p)})`,
  feelings: (n) => `a feeling in the voice was not told (${plural(n, 'place')})`,
  rare: (characters, glossed) => {
    const [first = null] = characters;
    const others = characters.length - 1;
    const which = first === null ? plural(characters.length, 'rare character') : `“${first}”`;
    const more = first === null || others === 0 ? '' : ` and ${plural(others, 'other rare character')}`;
    return `the model may not know ${which}${more}${glossed ? ', so a gloss was added' : ''}`;
  },
  unseen: (share) => `${percent(share)} of the video was not looked at`,
  alike: (of) => {
    const { count, example } = of;
    const sounds = count === 1 ? 'sounds like a commoner one' : 'sound like commoner ones';
    return `${of.isAtLeast ? 'at least ' : ''}${plural(count, 'word')} ${sounds}${example === null ? '' : ` (${at(example)})`}`;
  },
  cues: (n) =>
    `${plural(n, 'pause or change', 'pauses and changes')} of the voice ${n === 1 ? 'was' : 'were'} not told`,
  toneUntold: 'how it was said was not told, or not all of it',
  corrected: (accepted, proposed) =>
    `${plural(accepted, 'place')} ${accepted === 1 ? 'was' : 'were'} corrected${proposed > accepted ? ` (${proposed} proposed)` : ''}`,
  escalated: 'the doubtful places went along as they are',
  more: (n) => `and ${n} more in the ledger`,
  nothingConverted: 'Nothing had to be converted.',
  nothingDoubtful: 'Nothing doubtful was found.',
  notAllMeasured: 'Nothing doubtful was found in what was measured; not everything was.',
  and: '; ',
  stop: '.',
  unknown: {
    errorRate: 'how much is wrong',
    deletedChars: 'words left out',
    hallucination: 'words never said',
    particles: 'missing particles',
    prosody: 'pauses and tone',
    questions: 'questions by tone',
    emotion: 'emotion',
    written: 'what was not read',
    timeUnseen: 'time not looked at',
    tokenizer: 'how the model splits the text',
    rareCharacters: 'whether the model knows rare characters',
    homophones: 'words of the same sound',
  },
  kinds: {
    'doubtful-word': 'doubtful word',
    'speech-without-words': 'voice without words',
    'no-speech': 'no speech',
    repetition: 'repeated text',
    compression: 'text that repeats itself',
    'improbable-text': 'improbable text',
    'cut-in-speech': 'cut within speech',
    'media-dropped': 'medium dropped',
    truncated: 'file cut short',
    clipped: 'clipped sound',
    noisy: 'noisy sound',
    'invalid-samples': 'invalid samples',
    paralinguistic: 'manner of speaking',
    'not-spoken': 'not spoken',
    'not-pronounced': 'not pronounced',
    'option-ignored': 'option ignored',
    'language-unsupported': 'language unsupported',
    'text-truncated': 'text cut short',
    shortened: 'shortened',
    'speech-failed': 'speech failed',
    're-encoded': 're-encoded',
    downscaled: 'scaled down',
    'frames-sampled': 'frames left out',
    'sound-dropped': 'sound dropped',
    rearranged: 'rearranged',
    'fell-back': 'fell back',
    'doubtful-character': 'doubtful character',
    'unwritable-character': 'character the reader cannot write',
    'small-print': 'small print',
    'not-described': 'not described',
    layout: 'layout',
    'page-unread': 'page not read',
    'script-converted': 'script converted',
    'readers-disagree': 'readers disagree',
    'vectors-drifted': 'unusual vectors',
    'not-retrieved': 'not retrieved',
  },
};
