import { isUtf8 } from 'node:buffer';
import { badRequest } from './body-source.ts';

/** Objects and arrays inside one another. Deeper ones overflow the stack of whoever walks through them. */
export const MAX_DEPTH = 128;

/**
 * Parses JSON (RFC 8259) in UTF-8. Throws `server.bad-request`, which never shows what was in it; it
 * says where to look if this is the whole body.
 */
export function parseJson(bytes: Buffer, what: 'body' | 'rest' = 'body'): unknown {
  if (bytes.length === 0) throw badRequest('The body is empty.');
  if (!isUtf8(bytes)) throw badRequest('The body is not valid UTF-8.');
  if (bytes[0] === 0xef && bytes[1] === 0xbb)
    throw badRequest('The body begins with a byte order mark, which JSON forbids.');
  const text = bytes.toString('utf8');
  if (mayBeDeep(text) && isDeep(text)) throw tooDeep();
  try {
    return JSON.parse(text);
  } catch (error) {
    // The engine's own message quotes the text, so only its position is kept.
    const { message } = error as SyntaxError;
    const where = what === 'body' && /position \d+/.exec(message)?.[0];
    const why = /end of JSON|Unterminated/.test(message)
      ? 'it breaks off'
      : where
        ? `look at ${where}`
        : 'it makes no sense';
    throw badRequest(`The body is not valid JSON: ${why}.`);
  }
}

/** The refusal of JSON nested too deeply. */
export function tooDeep(): Error {
  return badRequest(`The body nests more than ${MAX_DEPTH} objects and arrays.`);
}

// Most bodies have fewer brackets than that in all, and counting those costs next to nothing.
function mayBeDeep(text: string): boolean {
  let brackets = 0;
  for (const bracket of ['{', '[']) {
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1)) {
      if (++brackets > MAX_DEPTH) return true;
    }
  }
  return false;
}

function isDeep(text: string): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (inString) {
      if (character === 0x5c) at++;
      else if (character === 0x22) inString = false;
    } else if (character === 0x22) inString = true;
    else if (character === 0x7b || character === 0x5b) {
      if (++depth > MAX_DEPTH) return true;
    } else if (character === 0x7d || character === 0x5d) depth--;
  }
  return false;
}
