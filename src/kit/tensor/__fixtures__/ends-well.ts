import { isSensoriumError } from '#contract/error.ts';
import { type Rows, readTensor, type TensorLimits } from '../tensor.ts';

const CODES: ReadonlySet<unknown> = new Set(['EMB_SHAPE', 'EMB_WIDTH', 'EMB_NOT_FINITE', 'EMB_TOO_LARGE']);
const LIMITS: TensorLimits = { maxRows: 4_096, maxWidth: 8_192, maxBytes: 1_000_000 };

/** What reading a file came to: `read`, a code, or what is wrong with how it ended. */
export function endOfReading(file: Buffer): { readonly end: string; readonly slip: string | null } {
  try {
    const tensor = readTensor(file, LIMITS);
    return { end: 'read', slip: slipIn(tensor, file) };
  } catch (error) {
    if (!isSensoriumError(error) || error.code !== 'inject.bad-vectors') return { end: 'slip', slip: String(error) };
    const { code } = error.details;
    return { end: String(code), slip: CODES.has(code) && error.hint !== '' ? null : `${code}: ${error.message}` };
  }
}

function slipIn({ rows, width, values }: Rows, file: Buffer): string | null {
  if (rows * width !== values.length) return `${rows} x ${width} are not ${values.length}`;
  if (rows > LIMITS.maxRows || width > LIMITS.maxWidth) return `${rows} x ${width} is beyond the limits`;
  if (values.byteLength > 2 * file.length) return `${values.byteLength} bytes of a file of ${file.length}`;
  return values.every(Number.isFinite) ? null : 'a number is none';
}
