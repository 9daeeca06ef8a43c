import { pictureSides } from '../picture.ts';
import { check, type Running } from '../server.ts';
import { measureSound } from '../sound.ts';
import { refusal } from './errors.ts';

const MB = 1_000_000;
const LEAST_SOUND_MS = 200;
const MOST_SOUND_MS = 600_000;
const MAX_SIDE_PX = 6000;
const MOST_FILES = 50;

type Json = Readonly<Record<string, unknown>>;

/** What was found in a medium, as a Chinese sentence can say it. */
export interface Medium {
  readonly kind: 'image' | 'video' | 'file' | 'audio';
  readonly words: string;
  readonly soundMs: number;
}

interface Judge {
  readonly model: string;
  readonly switchedOn: Running['switchedOn'];
}

/** Checks the parts of a user’s message by the form and the limits that Zhipu’s description has, and measures its media. */
export function checkParts(parts: readonly unknown[], judge: Judge): readonly Medium[] {
  check(parts.length > 0, 'a message without parts', refusal(1214));
  const media = parts.flatMap((part) => mediumIn(part, judge) ?? []);
  const count = (kind: Medium['kind']) => media.filter((medium) => medium.kind === kind).length;
  const most = mostImages(judge.model);
  check(count('image') <= most, `${count('image')} pictures where ${most} are taken`, refusal(1210));
  check(count('file') <= MOST_FILES, `${count('file')} files`, refusal(1210));
  check(count('file') === 0 || count('image') + count('video') === 0, 'a file beside a picture', refusal(1210));
  return media;
}

function mediumIn(part: unknown, judge: Judge): Medium | null {
  const strict = (of: unknown, keys: readonly string[], where: string) => strictObject(of, keys, where, judge);
  check(typeof part === 'object' && part !== null, 'a part that is no object', refusal(1214));
  const { type } = part as Json;
  check(typeof type === 'string', 'a part without a type', refusal(1214));
  const outer = strict(part, ['type', type], 'a part');
  if (type === 'text') {
    check(typeof outer.text === 'string', 'text', refusal(1214));
    return null;
  }
  const { model } = judge;
  const sees = /v(?:-|$)|^autoglm/.test(model);
  const readsFiles = /^glm-(?:5v-turbo|4\.[56]v)/.test(model);
  check(type === 'input_audio' ? model === 'glm-4-voice' : sees, `${type} for ${model}`, refusal(1210));
  switch (type) {
    case 'image_url':
      return image(strict(outer.image_url, ['url'], type).url, judge);
    case 'video_url':
      return video(strict(outer.video_url, ['url'], type).url, judge);
    case 'file_url': {
      const { url } = strict(outer.file_url, ['url'], type);
      check(readsFiles, `a file for ${model}`, refusal(1210));
      check(isAddress(url), 'a file that is no address', refusal(1210));
      return { kind: 'file', words: '一个文件', soundMs: 0 };
    }
    case 'input_audio':
      return audio(strict(outer.input_audio, ['data', 'format'], type));
    default:
      check(false, `a part of type ${type}`, refusal(1214));
  }
}

/** Which of two codes a key too many gets nobody has verified. */
function strictObject(of: unknown, keys: readonly string[], where: string, { switchedOn }: Judge): Json {
  const refused = refusal(switchedOn.has('parts-1210') ? 1210 : 1214);
  check(typeof of === 'object' && of !== null, where, refused);
  for (const key of Object.keys(of)) check(keys.includes(key), `${where} with ${key}`, refused);
  for (const key of keys) check(Object.hasOwn(of, key), `${where} without ${key}`, refused);
  return of as Json;
}

function image(url: unknown, { model, switchedOn }: Judge): Medium {
  if (isAddress(url)) return { kind: 'image', words: '一张图片', soundMs: 0 };
  check(model !== 'glm-4v-flash', 'base64 for glm-4v-flash', refusal(1210));
  const bare = switchedOn.has('data-urls') ? String(url).replace(/^data:image\/(?:png|jpeg);base64,/, '') : url;
  const bytes = base64(bare, 'image_url.url');
  check(bytes.length <= 5 * MB, `a picture of ${bytes.length} bytes`, refusal(1210));
  const sides = pictureSides(bytes);
  check(sides !== null, 'a picture that is neither JPEG nor PNG', refusal(1210));
  const [width, height] = sides;
  check(Math.max(width, height) <= MAX_SIDE_PX, `a picture of ${width}×${height}`, refusal(1210));
  return { kind: 'image', words: `一张${width}×${height}的图片`, soundMs: 0 };
}

function video(url: unknown, { model, switchedOn }: Judge): Medium {
  if (isAddress(url)) return { kind: 'video', words: '一段视频', soundMs: 0 };
  check(!switchedOn.has('videos-by-address'), 'a video that is no address', refusal(1210));
  const bytes = base64(url, 'video_url.url');
  const most = (model.startsWith('glm-4v-plus') ? 20 : 200) * MB;
  check(bytes.length <= most, `a video of ${bytes.length} bytes`, refusal(1210));
  const isVideo = bytes.toString('latin1', 4, 8) === 'ftyp' || bytes.subarray(0, 4).toString('hex') === '1a45dfa3';
  check(isVideo, 'a video that is neither MP4, MOV nor MKV', refusal(1210));
  return { kind: 'video', words: `一段${bytes.length}字节的视频`, soundMs: 0 };
}

function audio({ data, format }: Json): Medium {
  check(format === 'wav' || format === 'mp3', 'input_audio.format', refusal(1210));
  const sound = measureSound(base64(data, 'input_audio.data'));
  check(sound?.format === format, `sound that is not ${format}`, refusal(1210));
  check(sound.durationMs > LEAST_SOUND_MS, `${sound.durationMs} ms of sound`, refusal(1210));
  check(sound.durationMs <= MOST_SOUND_MS, `${sound.durationMs} ms of sound`, refusal(1210));
  return { kind: 'audio', words: `一段${secondsIn(sound.durationMs)}秒的录音`, soundMs: sound.durationMs };
}

/** Seconds with one decimal. */
export function secondsIn(durationMs: number): string {
  return (durationMs / 1000).toFixed(1);
}

/** Standard base64 with padding, and nothing else around it. */
export function base64(text: unknown, where: string): Buffer {
  check(typeof text === 'string' && text !== '', where, refusal(1210));
  const bytes = Buffer.from(text, 'base64');
  check(bytes.toString('base64') === text, `${where} that is not bare base64`, refusal(1210));
  return bytes;
}

function isAddress(url: unknown): boolean {
  return typeof url === 'string' && /^https?:\/\//.test(url);
}

function mostImages(model: string): number {
  if (model === 'glm-4v-flash') return 1;
  return model.startsWith('glm-4v-plus') ? 5 : 50;
}
