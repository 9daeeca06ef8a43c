/** Whisper's language codes that are not BCP 47: Javanese. */
const TAGS: ReadonlyMap<string, string> = new Map([['jw', 'jv']]);
const CODES: ReadonlyMap<string, string> = new Map([['jv', 'jw']]);

/** The 99 languages of Whisper up to large-v2 as BCP 47 primary tags, in the order of their tokens. Large-v3 adds `yue`. */
export const LANGUAGES: readonly string[] = (
  'en zh de es ru ko fr ja pt tr pl ca nl ar sv it id hi fi vi he uk el ms cs ro da hu ta no th ur hr bg lt la mi ml cy sk ' +
  'te fa lv bn sr az sl kn et mk br eu is hy ne mn bs kk sq sw gl mr pa si km sn yo so af oc ka be tg sd gu am yi lo uz fo ' +
  'ht ps tk nn mt sa lb my bo tl mg as tt haw ln ha ba jv su'
).split(' ');

/** The BCP 47 tag of a language token's code. */
export function tagOf(code: string): string {
  return TAGS.get(code) ?? code;
}

/** The code of a BCP 47 primary tag's language token. */
export function codeOf(tag: string): string {
  return CODES.get(tag) ?? tag;
}
