import { describe, expect, it } from 'vitest';
import { soundText } from './decode.ts';

const BYTES = Buffer.from(Array.from({ length: 50 }, (_, at) => (at * 37) % 256));

function read(encoding: 'base64' | 'hex', pieces: readonly string[]): Buffer {
  const sound = soundText(encoding);
  return Buffer.concat([...pieces.map((piece) => sound.push(piece)), sound.end()]);
}

describe.each(['base64', 'hex'] as const)('soundText, %s', (encoding) => {
  const whole = BYTES.toString(encoding);

  it('reads one encoding however it is cut', () => {
    for (let at = 0; at <= whole.length; at++) {
      expect(read(encoding, [whole.slice(0, at), whole.slice(at)])).toEqual(BYTES);
    }
    expect(read(encoding, [...whole])).toEqual(BYTES);
  });

  it('reads pieces that are each an encoding of their own', () => {
    for (const size of [1, 2, 3, 7]) {
      const pieces = Array.from({ length: Math.ceil(50 / size) }, (_, at) =>
        BYTES.subarray(at * size, (at + 1) * size),
      );
      expect(
        read(
          encoding,
          pieces.map((piece) => piece.toString(encoding)),
        ),
      ).toEqual(BYTES);
    }
  });

  it('refuses other text, and an end within a byte', () => {
    expect(() => read(encoding, ['<a>'])).toThrow(RangeError);
    expect(() => read(encoding, ['0000', '0'])).toThrow(RangeError);
  });
});
