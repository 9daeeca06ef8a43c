import { SensoriumError } from '#contract/error.ts';
import type { Recogniser } from '#contract/ports.ts';

/** The language of what is heard. `tag` is what the recogniser is told, `source` says how the language is known. */
export interface Language {
  readonly tag: string | undefined;
  readonly known: string | null;
  readonly source: string | null;
}

/** Settles the language from what the caller declares and the recogniser knows. Throws `hear.language-unsupported`. */
export function checkedLanguage(declared: string | undefined, { id, capabilities }: Recogniser): Language {
  const { languages } = capabilities;
  if (declared === undefined) {
    const only = languages !== 'any' && languages.length === 1 ? languages[0] : undefined;
    // The text is in that language because the recogniser writes no other: nobody has listened for the language.
    return only === undefined
      ? { tag: undefined, known: null, source: null }
      : { tag: undefined, known: only, source: `only-language:${id}` };
  }
  const primary = declared.toLowerCase().split(/[-_]/)[0] ?? '';
  if (languages !== 'any' && !languages.includes(primary)) {
    throw new SensoriumError('hear.language-unsupported', `${id} does not understand ${nameOf(primary)}.`, {
      hint: `It understands: ${languages.map(nameOf).join(', ')}. Choose a recogniser that knows this language.`,
      details: { language: primary, recogniser: id },
    });
  }
  return { tag: primary, known: primary, source: 'declared' };
}

/**
 * A translation must be English, and nothing translates here: English heard is its own translation, and all else is refused
 * with `hear.language-unsupported`, also where nobody knows the language. English is what was declared so, and what a
 * recogniser writes that knows nothing else.
 */
export function refuseUnlessEnglish({ known }: Language, { id }: Recogniser): void {
  if (known === 'en') return;
  const why = known === null ? 'nobody has said that this is English' : `this is ${nameOf(known)}`;
  throw new SensoriumError('hear.language-unsupported', `A translation must be English, and ${why}.`, {
    hint: 'Nothing is translated here. Ask for a transcription and let a language model translate it, or declare the language English.',
    details: { language: known ?? 'unknown', recogniser: id },
  });
}

/** A remark on what a recogniser understands, to be put at the end of a sentence; empty when it knows any language. */
export function onlyKnows({ capabilities: { languages }, id }: Recogniser): string {
  return languages === 'any' ? '' : ` (${id} understands only ${languages.map(nameOf).join(', ')})`;
}

/** A language's English name, or the tag itself where there is none. */
function nameOf(tag: string): string {
  try {
    return new Intl.DisplayNames(['en'], { type: 'language' }).of(tag) ?? tag;
  } catch {
    return JSON.stringify(tag.slice(0, 40));
  }
}
