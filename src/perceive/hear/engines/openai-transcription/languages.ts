/** Whisper's languages (openai/whisper `tokenizer.py`), which servers answer with by name. */
const CODES =
  'en zh de es ru ko fr ja pt tr pl ca nl ar sv it id hi fi vi he uk el ms cs ro da hu ta no th ur hr bg lt la mi ml cy sk te fa lv bn sr az sl kn et mk br eu is hy ne mn bs kk sq sw gl mr pa si km sn yo so af oc ka be tg sd gu am yi lo uz fo ht ps tk nn mt sa lb my bo tl mg as tt haw ln ha ba jw su yue'.split(
    ' ',
  );

let byName: ReadonlyMap<string, string> | undefined;

/** A language as a BCP 47 tag, from a tag or its English name; `undefined` for what is neither. */
export function languageTag(told: unknown): string | undefined {
  if (typeof told !== 'string') return undefined;
  if (/^[a-z]{2,3}(?:-[a-z0-9]+)*$/i.test(told)) return told;
  const names = new Intl.DisplayNames(['en'], { type: 'language' });
  byName ??= new Map(CODES.map((code) => [(names.of(code) ?? code).toLowerCase(), code]));
  return byName.get(told.toLowerCase());
}
