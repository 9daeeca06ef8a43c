/**
 * A piece of text: a `word` to be said (possibly with hyphens, dots or digits inside), `foreign` text or a sign this
 * phonemizer may not be able to say, a `mark` Kokoro keeps, or `silent` punctuation. `spaced`: white space precedes it.
 */
export type Token = { kind: 'word' | 'sign' | 'mark' | 'silent'; text: string; spaced: boolean };

const LETTER = String.raw`[\p{Script=Latin}\p{M}\p{Nd}]`;
const INITIALS = String.raw`(?:\p{Script=Latin}\.)+\p{Script=Latin}(?![\p{L}\p{Nd}'’])(?:\.(?!\s*["”’')]*$))?`;
const TITLE = String.raw`(?:Mr|Mrs|Ms|Dr|Prof|Jr|Sr|St|vs|etc)\.(?=\s+\S|[,;:])`;
const JOINT = String.raw`['’‘ʼ_/@&+]+|[\-‑]|\.(?=\p{Ll}|\p{Nd}|\p{Lu}{2})|(?<=[\-.]\p{Lu})\.(?=\p{Lu}(?!\p{L}))|[,:](?=\p{Nd})`;
const ELISION = String.raw`['’](?:tis|twas|twere|twill|twould|em|cause|til|bout|round|neath|gainst)(?![\p{L}\p{Nd}])`;
const WORD = String.raw`${ELISION}|${LETTER}+(?:(?:${JOINT})${LETTER}+)*(?:(?<=s)['’](?![\p{L}\p{Nd}]))?`;
const MARK = String.raw`\.{2,}|[-–]{2,}|[;:,.!?—―…"“”„«»()\[\]{}；：，。、！？（）「」『』《》]|(?<=\s|^)[-–](?=\s|$)|(?<=\S)–(?=\S)`;
const SILENT = String.raw`['’‘\x60´\-–‑_/\\]+`;
const FOREIGN = String.raw`(?:(?!\p{Script=Latin}|\p{Nd})[\p{L}\p{M}\p{N}])+|(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\u200d|\ufe0f)+`;

const TOKEN = new RegExp(
  String.raw`(?<space>\s+)|(?<word>${INITIALS}|${TITLE}|${WORD})|(?<mark>${MARK})|(?<silent>${SILENT})|(?<sign>${FOREIGN}|[\s\S])`,
  'gu',
);

/** Soft hyphens and zero-width spaces, which would cut words apart. */
const INVISIBLE = /[\u00ad\u200b\u2060\ufeff]/g;

/** Cuts text into tokens; every visible character is in exactly one of them. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let spaced = false;
  for (const { groups = {}, 0: piece } of text.replace(INVISIBLE, '').matchAll(TOKEN)) {
    if (groups.space !== undefined) {
      spaced = true;
      continue;
    }
    tokens.push({ kind: kindOf(groups), text: piece, spaced });
    spaced = false;
  }
  return tokens;
}

function kindOf(groups: Readonly<Record<string, string | undefined>>): Token['kind'] {
  if (groups.word !== undefined) return 'word';
  if (groups.mark !== undefined) return 'mark';
  return groups.silent === undefined ? 'sign' : 'silent';
}

const MARKS: Readonly<Record<string, string>> = {
  '―': '—',
  '–': '—',
  '-': '—',
  '„': '“',
  '«': '“',
  '»': '”',
  '[': '(',
  ']': ')',
  '{': '(',
  '}': ')',
  '；': ';',
  '：': ':',
  '，': ',',
  '。': '.',
  '、': ',',
  '！': '!',
  '？': '?',
  '（': '(',
  '）': ')',
  '「': '“',
  '『': '“',
  '《': '“',
  '」': '”',
  '』': '”',
  '》': '”',
};

/** The mark as Kokoro knows it. A straight quotation mark opens or closes by what stands before it. */
export function kokoroMark(mark: string, opens: boolean): string {
  if (mark === '"') return opens ? '“' : '”';
  if (/^[-–]{2,}$/.test(mark)) return '—';
  return MARKS[mark] ?? mark;
}
