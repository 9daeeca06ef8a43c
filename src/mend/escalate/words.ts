import type { Clip } from './clips.ts';
import type { Crop } from './crops.ts';

type Language = 'en' | 'zh';

/** How a message calls what the clip or crop is of. `number` is there where a message has several. */
function named(noun: string, number: number | null): string {
  return number === null ? noun : `${noun} ${number}`;
}

/** The sentence before a clip: where it is from and what it is for. */
export function clipSays({ startMs, endMs }: Clip, number: number | null, language: Language): string {
  const time = `${clock(startMs)}–${clock(endMs)}`;
  return language === 'zh'
    ? `以下是${named('录音', number)}中 ${time} 的原声，这一段的文字可能听错了，请以你听到的为准。`
    : `This is the sound of ${named('recording', number)}, ${time}: its transcript may be wrong there, so go by what you hear.`;
}

/** The sentence before a crop: what was read there and what it is for. */
export function cropSays({ text }: Crop, number: number | null, language: Language): string {
  const read = text.replaceAll('\n', ' / ').slice(0, 200);
  return language === 'zh'
    ? `以下是${named('图片', number)}的一部分，这里读出的文字“${read}”可能有误，请以你看到的为准。`
    : `This is a part of ${named('picture', number)}: what was read there, “${read}”, may be wrong, so go by what you see.`;
}

function clock(ms: number): string {
  const seconds = (ms / 1000).toFixed(1).padStart(4, '0');
  const minutes = Math.floor(ms / 60_000);
  if (minutes === 0) return `0:${seconds}`;
  return `${minutes}:${((ms % 60_000) / 1000).toFixed(1).padStart(4, '0')}`;
}
