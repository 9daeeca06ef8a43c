/** What is known of a recording, as GLM-ASR takes it: terms to look out for, or a text that came before. */
export interface Hints {
  readonly hotwords: readonly string[];
  readonly prompt: string | undefined;
  /** What of it there is no room for, as a sentence; `null` when all of it is sent. */
  readonly leftOut: string | null;
}

const MOST_HOTWORDS = 100;
/** Zhipu’s OpenAPI description: fewer than 8000 characters. */
const MOST_PROMPT_CHARS = 7_999;
/** Longer stretches between two commas are sentences, not terms. */
const LONGEST_TERM_CHARS = 24;
const MOST_TERM_WORDS = 4;

const LETTER = /[\p{L}\p{N}]/u;

/** A list of terms becomes hotwords, anything else is a text that came before. Of one that is too long its end counts. */
export function hintsOf(prompt: string | undefined): Hints {
  if (prompt === undefined) return { hotwords: [], prompt, leftOut: null };
  const parts = prompt.split(/[,，、;；\n]+|[.。]\s*$/u).map((part) => part.trim());
  const terms = [...new Set(parts.filter((part) => LETTER.test(part)))];
  if (terms.length === 0) {
    return { hotwords: [], prompt: undefined, leftOut: 'The prompt has no words in it.' };
  }
  if (terms.every(isTerm)) {
    const rest = terms.length - MOST_HOTWORDS;
    const leftOut = rest > 0 ? `The server takes ${MOST_HOTWORDS} terms; the first ${rest} were left out.` : null;
    return { hotwords: terms.slice(-MOST_HOTWORDS), prompt: undefined, leftOut };
  }
  const chars = [...prompt.trim()];
  const rest = chars.length - MOST_PROMPT_CHARS;
  return {
    hotwords: [],
    prompt: chars.slice(-MOST_PROMPT_CHARS).join(''),
    leftOut: rest > 0 ? `The server takes ${MOST_PROMPT_CHARS} characters; the first ${rest} were left out.` : null,
  };
}

function isTerm(part: string): boolean {
  const isShort = [...part].length <= LONGEST_TERM_CHARS && part.split(/\s+/).length <= MOST_TERM_WORDS;
  return isShort && !/[。！？!?]|\.\s/u.test(part);
}
