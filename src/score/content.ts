import { normaliseForSpeech } from '#spoken/index.ts';
import { loadSimplified } from '#words/index.ts';

/** What a content score forgives besides how things are written. */
export interface ContentOptions {
  /** BCP 47; decides how numbers are said. Without it, or where it names two (`zh+en`), Chinese is what has Chinese characters. */
  readonly language?: string | null | undefined;
  /** `written` leaves them as they stand: right for writing in pictures, where each digit is read. Otherwise `spoken`. */
  readonly numbers?: 'spoken' | 'written' | undefined;
  /** `drop` makes 花儿 and 花 the same; 儿子 and 女儿 stay. */
  readonly erhua?: 'keep' | 'drop' | undefined;
}

/**
 * A text as its content is compared: width (NFKC), then traditional characters as simplified, then numbers and dates as they are
 * said, then case and punctuation gone. An apostrophe inside a word is part of it; a hyphen parts two.
 */
export async function contentOf(text: string, options: ContentOptions = {}): Promise<string> {
  return contentBy(await loadSimplified(), text, options);
}

function contentBy(
  simplify: (text: string) => string,
  text: string,
  { language, numbers, erhua }: ContentOptions,
): string {
  // A square metre is not “m2”: the small 2 and 3 are left for the numbers to read.
  const wide = text.replaceAll(/[^²³]+/gu, (piece) => piece.normalize('NFKC'));
  const simplified = simplify(wide);
  const numbersIn = numbers === 'written' ? null : languageOfNumbers(simplified, language ?? null);
  const spoken = numbersIn === null ? simplified : normaliseForSpeech(simplified, { language: numbersIn }).text;
  const bare = spoken
    .toLowerCase()
    .normalize('NFKC')
    .replaceAll('’', "'")
    .replaceAll(/(?<![\p{L}\p{N}])'|'(?![\p{L}\p{N}])/gu, ' ')
    .replaceAll(/[^\p{L}\p{N}\p{M}']+/gu, ' ')
    .trim();
  return oneWay(erhua === 'drop' ? withoutErhua(bare) : bare);
}

/** A text as it is compared word for word: nothing is forgiven but how its code points are composed (NFC). */
export function verbatimOf(text: string): string {
  return text.normalize('NFC');
}

const HAN = /\p{Script=Han}/u;

// Japanese has Chinese characters too, but says numbers its own way.
function languageOfNumbers(text: string, language: string | null): 'zh' | 'en' | null {
  const named = language?.toLowerCase().split(/[+,]/) ?? [];
  const [only] = named.length === 1 ? named : [];
  if (only !== undefined) return /^(zh|cmn|yue)\b/.test(only) ? 'zh' : /^en\b/.test(only) ? 'en' : null;
  if (HAN.test(text) && !/[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text)) return 'zh';
  return named.includes('en') ? 'en' : null;
}

/** Numbers that can be said in two ways, said in one: 两千 as 二千, 一十五 as 十五, “one hundred and five” as “one hundred five”. */
function oneWay(text: string): string {
  return text
    .replaceAll('〇', '零')
    .replaceAll(/两(?=[百千万亿])/gu, '二')
    .replaceAll(/(?<=[零一二三四五六七八九])幺|幺(?=[零一二三四五六七八九])/gu, '一')
    .replaceAll(/(?<![零一二三四五六七八九十百千万亿])一十(?=[一二三四五六七八九万亿]|$)/gu, '十')
    .replaceAll(/\b(hundred|thousand|million|billion) and (?=[a-z])/gu, '$1 ');
}

// Words in which 儿 is a syllable of its own, not the colour of the one before.
const OWN_SYLLABLE = /儿[子童女孙媳科歌戏时郎化]|[女幼婴孤胎健宠少男育托患弃孩侄小]儿/u;

function withoutErhua(text: string): string {
  return text.replaceAll(/(?<=\p{Script=Han})儿/gu, (_, at: number) =>
    OWN_SYLLABLE.test(text.slice(at - 1, at + 2)) ? '儿' : '',
  );
}
