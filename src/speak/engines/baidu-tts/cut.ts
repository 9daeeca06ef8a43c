import { SensoriumError } from '#contract/error.ts';

/** Baidu takes less than 1024 bytes of GBK at once. */
const MOST_BYTES = 1_023;

/** How many bytes a text is in GBK; what only GB18030 has counts as the four bytes it is there. */
export function gbkBytes(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code > 0xffff ? 4 : 2;
  }
  return bytes;
}

const BREAKS = [/[。！？!?；;…]/u, /[，、,：:]/u, /\s/u];

/** A text in pieces that Baidu takes, cut after the strongest mark or space there is. Throws `speak.too-long` where there is none. */
export function cutForBaidu(text: string): string[] {
  const pieces: string[] = [];
  let rest = text.trim();
  while (gbkBytes(rest) > MOST_BYTES) {
    const end = cutAt(rest);
    pieces.push(rest.slice(0, end).trim());
    rest = rest.slice(end).trim();
  }
  return rest === '' ? pieces : [...pieces, rest];
}

function cutAt(text: string): number {
  const ends = BREAKS.map(() => 0);
  let bytes = 0;
  let at = 0;
  for (const character of text) {
    bytes += gbkBytes(character);
    if (bytes > MOST_BYTES) break;
    at += character.length;
    const kind = BREAKS.findIndex((mark) => mark.test(character));
    if (kind >= 0) ends[kind] = at;
  }
  const end = ends.find((one) => one > 0);
  if (end !== undefined) return end;
  throw new SensoriumError('speak.too-long', `A sentence has ${gbkBytes(text)} bytes and no place to cut it.`, {
    hint: 'Put a comma or a full stop into it: Baidu takes less than 1024 bytes at once.',
    details: { bytes: gbkBytes(text), mostBytes: MOST_BYTES },
  });
}
