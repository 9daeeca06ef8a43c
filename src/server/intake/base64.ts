import { SensoriumError } from '#contract/error.ts';
import { badRequest } from './body-source.ts';

/** Decodes the inside of a JSON string that holds base64, piece by piece; pieces may be cut anywhere. */
export interface Base64Decoder {
  push(raw: Buffer): Buffer;
  end(): Buffer;
}

/**
 * Base64 (RFC 4648) with the standard or the URL alphabet, with or without padding, with white space and JSON escapes in
 * it. Throws `media.broken`, which names the field.
 */
export function base64Decoder(field: string): Base64Decoder {
  // What is not decoded yet: at most three characters, their padding, and the beginning of an escape.
  let rest = '';

  function push(raw: Buffer): Buffer {
    const text = rest + raw.toString('latin1');
    const whole = text.length - (text.length % 4);
    const bytes = Buffer.from(text.slice(0, whole), 'base64');
    // Node skips what is not of the alphabet, so only good text gives its full length. Nearly all text is good.
    if (bytes.length === (whole / 4) * 3) {
      rest = text.slice(whole);
      return bytes;
    }
    return cleaned(text);
  }

  function cleaned(text: string): Buffer {
    const { plain, cut } = unescaped(text);
    if (plain === null) throw notBase64(field);
    const dense = plain.replace(/[ \t\r\n]+/g, '');
    const padding = dense.indexOf('=');
    const characters = padding < 0 ? dense : dense.slice(0, padding);
    const pads = padding < 0 ? '' : dense.slice(padding);
    const whole = characters.length - (characters.length % 4);
    const bytes = Buffer.from(characters.slice(0, whole), 'base64');
    if (bytes.length !== (whole / 4) * 3 || !/^={0,2}$/.test(pads)) throw notBase64(field);
    rest = characters.slice(whole) + pads + cut;
    return bytes;
  }

  return {
    push,
    end() {
      const bytes = cleaned(rest);
      if (rest.includes('\\')) throw notJson();
      if (!/^([A-Za-z0-9+/_-]{2,3})?={0,2}$/.test(rest)) throw notBase64(field);
      return Buffer.concat([bytes, Buffer.from(rest, 'base64')]);
    },
  };
}

/** Undoes JSON's escapes. `cut` is the beginning of one that goes on in the next piece; `plain` is `null` if not ASCII. */
function unescaped(text: string): { plain: string | null; cut: string } {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what JSON forbids
  if (/[\u0000-\u001f]/.test(text)) throw notJson();
  if (text.includes('\\\\')) return { plain: null, cut: '' };
  // Some writers escape every slash. The rest of the escapes is rare.
  const slashed = text.replaceAll('\\/', '/');
  const cut = /\\(u[0-9a-fA-F]{0,3})?$/.exec(slashed)?.[0] ?? '';
  const plain = parsed(cut === '' ? slashed : slashed.slice(0, -cut.length));
  // Node would read such a character as another one, by its lower half.
  return { plain: /[^ -~\t\r\n]/.test(plain) ? null : plain, cut };
}

function parsed(inner: string): string {
  try {
    return inner.includes('\\') ? JSON.parse(`"${inner}"`) : inner;
  } catch {
    throw notJson();
  }
}

function notJson(): SensoriumError {
  return badRequest('The body is not valid JSON: look at its long strings.');
}

function notBase64(field: string): SensoriumError {
  return new SensoriumError('media.broken', `${field} is not base64.`, {
    hint: 'Encode the file’s bytes in base64, with or without data:TYPE;base64, before them.',
    details: { param: field },
  });
}
