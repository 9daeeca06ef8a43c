import { SensoriumError } from '#contract/error.ts';
import type { TimeSpan } from '#contract/finding.ts';
import type { Sound } from '#contract/media.ts';
import type { Segment } from '#contract/perception.ts';
import type { LanguageIdentifier, Recogniser } from '#contract/ports.ts';

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

/** An identifier that is this sure is believed. */
const SURE = 0.6;

/**
 * Asks what tells languages apart before a recogniser listens that knows only some and cannot tell itself. Throws
 * `hear.language-unsupported` when another language is spoken, so that no words are invented.
 */
export async function identifiedLanguage(
  language: Language,
  recording: { readonly sound: Sound; readonly speech: readonly TimeSpan[] },
  open: (() => Promise<LanguageIdentifier | null>) | undefined,
  recogniser: Recogniser,
  signal: AbortSignal,
): Promise<Language> {
  const { languages } = recogniser.capabilities;
  if (languages === 'any' || recogniser.identifier) return language;
  const identifier = await open?.();
  const [best] = (await identifier?.identify(recording, signal)) ?? [];
  if (!identifier || !best || best.probability < SURE) return language;
  const source = `identified:${identifier.id}`;
  if (languages.includes(best.language)) return { ...language, known: best.language, source };
  throw new SensoriumError(
    'hear.language-unsupported',
    `This is ${nameOf(best.language)} (${source}, probability ${best.probability.toFixed(2)}), and ${recogniser.id} does not understand it.`,
    {
      hint: `It understands: ${languages.map(nameOf).join(', ')}. Choose a recogniser that knows this language, such as whisper-base.`,
      details: { language: best.language, recogniser: recogniser.id, probability: best.probability },
    },
  );
}

/** The language of most of the words, where a recogniser tells it segment by segment and nobody declared one. */
export function spokenLanguage(language: Language, segments: readonly Segment[], { id }: Recogniser): Language {
  if (language.known !== null) return language;
  const words = new Map<string, number>();
  for (const segment of segments) {
    if (segment.language) words.set(segment.language, (words.get(segment.language) ?? 0) + segment.words.length);
  }
  const [most] = [...words].sort(([, a], [, b]) => b - a);
  return most ? { ...language, known: most[0], source: `identified:${id}` } : language;
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
