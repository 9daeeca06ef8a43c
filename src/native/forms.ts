import type { KindLimits } from '#contract/capabilities.ts';
import type { Media } from '#contract/media.ts';

/** A form of a medium: what it is and how it is coded. */
export type Form = Pick<Media, 'kind' | 'mimeType'>;

/** Whether a model's dialect has a place for a medium in such a form. */
export type Accepts = (form: Form) => boolean;

/** One name for what has several; vendors write the other ones too. */
const SAME: Readonly<Record<string, string>> = {
  'audio/m4a': 'audio/mp4',
  'audio/mp3': 'audio/mpeg',
  'audio/vnd.wave': 'audio/wav',
  'audio/wave': 'audio/wav',
  'audio/x-flac': 'audio/flac',
  'audio/x-m4a': 'audio/mp4',
  'audio/x-wav': 'audio/wav',
  'image/jpg': 'image/jpeg',
  'image/x-ms-bmp': 'image/bmp',
  'video/avi': 'video/vnd.avi',
  'video/mov': 'video/quicktime',
  'video/x-matroska': 'video/matroska',
  'video/x-ms-wmv': 'video/x-ms-asf',
  'video/x-msvideo': 'video/vnd.avi',
};

/** Forms that can be made here, the least harmful first. Only WAV is made without ffmpeg. */
export const MADE: Readonly<Record<Media['kind'], readonly string[]>> = {
  image: ['image/png', 'image/jpeg', 'image/webp'],
  audio: ['audio/wav', 'audio/flac', 'audio/mpeg'],
  video: ['video/mp4'],
  document: [],
  text: [],
};

/** The demuxer for each kind of picture that is changed here. Others ffmpeg reads only in some versions, or not at all. */
export const PICTURE_DEMUXERS: Readonly<Record<string, string>> = {
  'image/apng': 'apng',
  'image/bmp': 'bmp_pipe',
  'image/gif': 'gif',
  'image/jpeg': 'jpeg_pipe',
  'image/png': 'png_pipe',
  'image/tiff': 'tiff_pipe',
  'image/webp': 'webp_pipe',
};

/** Whether a model and its dialect take this form. */
export function takesForm(form: Form, limits: KindLimits | undefined, accepts: Accepts): boolean {
  const wanted = limits?.mimeTypes;
  const mimeType = plain(form.mimeType);
  const listed = wanted?.some((one) => plain(one) === mimeType || one === `${mimeType.split('/', 1)[0]}/*`) ?? true;
  return listed && accepts(form);
}

/** The forms a model takes among those that can be made here. */
export function madeForms(kind: Media['kind'], limits: KindLimits | undefined, accepts: Accepts): readonly string[] {
  return MADE[kind].filter((mimeType) => takesForm({ kind, mimeType }, limits, accepts));
}

/** The most bytes a medium may have, before base64 makes three of them four. */
export function mostBytes(limits: KindLimits | undefined): number {
  const encoded = limits?.maxEncodedBytes ?? Number.POSITIVE_INFINITY;
  return Math.min(limits?.maxBytes ?? Number.POSITIVE_INFINITY, Math.floor(encoded / 4) * 3);
}

// WAV with a codec parameter is WAV in another coding, and not what `audio/wav` means.
function plain(mimeType: string): string {
  const whole = mimeType.toLowerCase();
  if (whole.startsWith('audio/vnd.wave;')) return whole;
  const bare = whole.split(';', 1)[0] as string;
  return SAME[bare] ?? bare;
}
