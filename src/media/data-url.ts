import { SensoriumError } from '#contract/error.ts';

/** The bytes in a `data:` URL (RFC 2397), base64 or percent-encoded. What it claims to be is left aside. */
export function readDataUrl(url: string, maxBytes: number): Uint8Array {
  const comma = url.indexOf(',');
  if (comma < 0) throw broken('it has no comma');
  const base64 = /;\s*base64\s*$/i.test(url.slice(0, comma));
  if (url.length - comma > maxBytes * (base64 ? 4 / 3 : 3) + 4) {
    throw new SensoriumError('media.too-large', `The data URL holds more than ${maxBytes} bytes.`, {
      hint: 'Give a file or an http address.',
      details: { maxBytes },
    });
  }
  const body = url.slice(comma + 1);
  if (!base64) return percentDecoded(body);
  const text = (body.includes('%') ? Buffer.from(percentDecoded(body)).toString('latin1') : body).replace(/\s/g, '');
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(text)) throw broken('it is not base64');
  return Buffer.from(text, 'base64');
}

// Byte by byte: percent-encoded media is not UTF-8, so decodeURIComponent would refuse it.
function percentDecoded(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'utf8').toString('latin1');
  return Buffer.from(
    bytes.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );
}

function broken(why: string): SensoriumError {
  return new SensoriumError('media.broken', `The data URL makes no sense: ${why}.`, {
    hint: 'Write data:audio/wav;base64, and then the file in base64.',
  });
}
