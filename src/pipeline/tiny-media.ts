import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { runCommand } from '#kit/command.ts';
import { wavFile } from '#kit/pcm.ts';
import { temporaryFolder } from '#kit/temporary.ts';
import { findFfmpeg } from '#runtime/ffmpeg.ts';

const SIDE = 64;

/** A red square as PNG (ISO/IEC 15948): signature, IHDR, IDAT, IEND. */
export function redSquare(): Uint8Array {
  const row = Buffer.concat([Buffer.of(0), Buffer.from(Array(SIDE).fill([200, 30, 30]).flat())]);
  const head = Buffer.alloc(13);
  head.writeUInt32BE(SIDE, 0);
  head.writeUInt32BE(SIDE, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const chunks = [
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(Buffer.concat(Array(SIDE).fill(row)))),
    chunk('IEND', Buffer.alloc(0)),
  ];
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...chunks]);
}

function chunk(name: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const framed = Buffer.alloc(named.length + 8);
  framed.writeUInt32BE(data.length, 0);
  named.copy(framed, 4);
  framed.writeUInt32BE(crc32(named), framed.length - 4);
  return framed;
}

/** CRC-32 with polynomial 0xEDB88320, as PNG wants it; Node 20.20 has none in zlib. */
function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

/** A 440 Hz tone as WAV. */
export function tone(seconds = 1): Uint8Array {
  const rateHz = 16_000;
  return wavFile(
    Float32Array.from(
      { length: Math.round(rateHz * seconds) },
      (_, at) => 0.3 * Math.sin((2 * Math.PI * 440 * at) / rateHz),
    ),
    rateHz,
  );
}

/** One page with one word as PDF 1.4. */
export function onePage(): Uint8Array {
  const stream = 'BT /F1 24 Tf 20 100 Td (Hello) Tj ET';
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  let text = '%PDF-1.4\n';
  const places = objects.map((object, index) => {
    const place = text.length;
    text += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return place;
  });
  const rows = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('');
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${text.length}\n%%EOF\n`;
  return Buffer.from(text, 'latin1');
}

/** Two and a half seconds of a moving picture with a tone, as MP4; `null` where there is no ffmpeg. */
export async function film(signal: AbortSignal): Promise<Uint8Array | null> {
  const program = await findFfmpeg();
  if (!program) return null;
  const folder = await temporaryFolder();
  try {
    const path = join(folder.path, 'film.mp4');
    const picture = ['-f', 'lavfi', '-i', 'testsrc=size=128x96:rate=10:duration=2.5'];
    const sound = ['-f', 'lavfi', '-i', 'sine=duration=2.5'];
    const args = ['-loglevel', 'error', '-y', ...picture, ...sound, '-pix_fmt', 'yuv420p', '-shortest', path];
    const { code } = await runCommand(program, args, { signal, timeoutMs: 30_000 });
    return code === 0 ? await readFile(path) : null;
  } finally {
    await folder.close();
  }
}
