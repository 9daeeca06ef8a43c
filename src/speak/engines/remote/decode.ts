/** How sound is written in text. */
export type Encoding = 'base64' | 'hex';

/** Sound that comes as text, cut anywhere. */
export interface SoundText {
  /** The bytes that are whole with this piece. Throws `RangeError` for a piece that is no such text. */
  push(piece: string): Buffer;
  /** What is left when nothing more comes. Throws `RangeError` when it ended within a byte. */
  end(): Buffer;
}

const NOT_OF: Readonly<Record<Encoding, RegExp>> = { base64: /[^A-Za-z0-9+/=]/, hex: /[^0-9a-fA-F]/ };
/** Characters that make whole bytes together. */
const GROUP_CHARS: Readonly<Record<Encoding, number>> = { base64: 4, hex: 2 };

/** Puts the pieces together. Each may be an encoding of its own, with padding, or all may be one, cut within a byte. */
export function soundText(encoding: Encoding): SoundText {
  const groupChars = GROUP_CHARS[encoding];
  let rest = '';
  return {
    push(piece) {
      if (NOT_OF[encoding].test(piece)) throw new RangeError(`not ${encoding}`);
      // Padding ends one encoding; what follows is the next one.
      const parts = (rest + piece).split(/(?<==)(?!=)/);
      const last = parts.pop() ?? '';
      const whole = last.length - (last.length % groupChars);
      rest = last.slice(whole);
      return Buffer.concat([...parts, last.slice(0, whole)].map((part) => Buffer.from(part, encoding)));
    },
    end() {
      // Two or three characters of base64 lack only their padding.
      if (rest.length === 1) throw new RangeError('ended within a byte');
      return Buffer.from(rest, encoding);
    },
  };
}
