/**
 * The 114 symbols Kokoro-82M was trained on (its published vocabulary): punctuation, capital letters that stand for
 * diphthongs (A = eɪ, I = aɪ, O = oʊ, Q = əʊ, W = aʊ, Y = ɔɪ), T for the American flap, IPA, and stress marks.
 */
export const KOKORO_SYMBOLS: ReadonlySet<string> = new Set(
  ';:,.!?—…"()“” \u0303ʣʥʦʨᵝꭧAIOQSTWYᵊabcdefhijklmnopqrstuvwxyzɑɐɒæβɔɕçɖðʤəɚɛɜɟɡɥɨɪʝɯɰŋɳɲɴøɸθœɹɾɻʁɽʂʃʈʧʊʋʌɣɤχʎʒʔˈˌːʰʲ↓→↗↘ᵻ',
);

/** Marks that Kokoro hears as a pause or an intonation; the quotation marks and brackets are kept but are no pause. */
export const PAUSES: ReadonlySet<string> = new Set(';:,.!?—…');

/** Phonemes that count as a vowel for the next word's "the", "to" and for placing stress. */
export const VOWELS: ReadonlySet<string> = new Set('AIOQWYaiuæɑɒɔəɛɜɪʊʌᵻ');

export const CONSONANTS: ReadonlySet<string> = new Set('bdfhjklmnpstvwzðŋɡɹɾʃʒʤʧθ');

export const PRIMARY = 'ˈ';
export const SECONDARY = 'ˌ';
