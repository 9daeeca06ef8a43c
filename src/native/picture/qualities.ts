/** One way to code a picture. `step` counts up from 0, the best; `coding` is in ffmpeg's words. */
export interface Attempt {
  readonly mimeType: string;
  readonly step: number;
  readonly coding: readonly string[];
  readonly hasAlpha: boolean;
}

const LOSSLESS: ReadonlySet<string> = new Set(['image/png', 'image/apng', 'image/bmp', 'image/gif', 'image/tiff']);

const STEPS = 4;
/** `-q:v` of mjpeg: 2 is the best it has, 11 still shows small print. */
const JPEG = [2, 4, 7, 11];
const WEBP = [95, 85, 70, 55];
const PNG: Attempt = { mimeType: 'image/png', step: 0, coding: ['-c:v', 'png', '-f', 'image2pipe'], hasAlpha: true };

/** Whether what is stored in this form is as it was made. WebP may be either and counts as lossy, as most of it is. */
export function isLossless(mimeType: string): boolean {
  return LOSSLESS.has(mimeType);
}

/** What to try, in order: what was lossless stays so if it can; what was not is not made three times as large. */
export function inQualities(forms: readonly string[], fromLossless: boolean): Attempt[] {
  const lossy = forms.filter((form) => !isLossless(form)).slice(0, 1);
  const lossless = forms.filter(isLossless);
  const order = fromLossless ? [...lossless, ...lossy] : lossy.length > 0 ? lossy : lossless;
  return order.flatMap((form) => (form === 'image/png' ? [PNG] : lossySteps(form, fromLossless)));
}

/** The one of these attempts that a picture is coded with when it has to shrink as well: not the worst. */
export function whenShrunk<T extends Attempt>(attempts: readonly T[]): T | undefined {
  return attempts.find(({ step }) => step === STEPS - 2) ?? attempts.at(-1);
}

function lossySteps(mimeType: string, fromLossless: boolean): Attempt[] {
  // Drawings and small print live by their colours; photographs were stored with half of them already.
  const isJpeg = mimeType === 'image/jpeg';
  const pixels = isJpeg ? (fromLossless ? 'yuvj444p' : 'yuvj420p') : 'yuv420p';
  return (isJpeg ? JPEG : WEBP).map((quality, step) => ({
    mimeType,
    step,
    coding: [
      ...['-pix_fmt', pixels, '-c:v', isJpeg ? 'mjpeg' : 'libwebp'],
      ...[isJpeg ? '-q:v' : '-quality', String(quality), '-f', 'image2pipe'],
    ],
    hasAlpha: false,
  }));
}
