type Json = Readonly<Record<string, unknown>>;

/** A sentence with a word for each character, spread evenly; signs belong to the word before them. */
export function sentenceOf(text: string, durationMs: number, isFinal: boolean): Json {
  const spelled = text.match(/\p{L}|[\d.]+/gu) ?? [];
  const each = durationMs / Math.max(1, spelled.length);
  const words = spelled.map((word, at) => ({
    begin_time: Math.round(at * each),
    end_time: Math.round((at + 1) * each),
    text: word,
    punctuation: signAfter(text, spelled, at),
  }));
  return {
    begin_time: 0,
    end_time: isFinal ? Math.round(durationMs) : null,
    text,
    words,
    sentence_end: isFinal,
  };
}

function signAfter(text: string, spelled: readonly string[], at: number): string {
  let from = 0;
  for (const word of spelled.slice(0, at + 1)) from = text.indexOf(word, from) + word.length;
  return /^[，。]*/.exec(text.slice(from))?.[0] ?? '';
}
