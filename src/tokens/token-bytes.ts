/**
 * GPT-2's way to write a byte as a letter that can be seen (openai/gpt-2, `bytes_to_unicode`): printable Latin-1 stands for
 * itself, the others for U+0100 and on, in order.
 */
export const BYTE_OF_LETTER: ReadonlyMap<string, number> = byteLetters();

const BYTE_TOKEN = /^<0x([0-9A-F]{2})>$/;
const encoder = new TextEncoder();

export type PieceKind = 'byte-level' | 'sentence-piece' | 'plain';

/** The bytes a piece of the vocabulary stands for in a text. A literal piece stands for its own letters. */
export function bytesOfPiece(piece: string, kind: PieceKind, literal: boolean): Uint8Array {
  if (literal || kind === 'plain') return encoder.encode(piece);
  if (kind === 'sentence-piece') {
    const byte = BYTE_TOKEN.exec(piece)?.[1];
    return byte === undefined ? encoder.encode(piece.replaceAll('▁', ' ')) : Uint8Array.of(Number.parseInt(byte, 16));
  }
  const bytes: number[] = [];
  for (const letter of piece) {
    const byte = BYTE_OF_LETTER.get(letter);
    if (byte === undefined) return encoder.encode(piece);
    bytes.push(byte);
  }
  return Uint8Array.from(bytes);
}

/** Bytes that are no part of any UTF-8 text (RFC 3629): a token of one of them alone was never seen in training. */
export function isNeverInText(bytes: Uint8Array): boolean {
  const [byte = 0] = bytes;
  return bytes.length === 1 && (byte === 0xc0 || byte === 0xc1 || byte >= 0xf5);
}

function byteLetters(): Map<string, number> {
  const letters = new Map<string, number>();
  let next = 256;
  for (let byte = 0; byte < 256; byte++) {
    const shown = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
    letters.set(String.fromCharCode(shown ? byte : next++), byte);
  }
  return letters;
}
