import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import PdfDocument from 'pdfkit';
import sharp from 'sharp';
import { claims } from '../../src/media/__fixtures__/pictures.ts';
import { sine, wavFile } from '../../src/media/__fixtures__/wav.ts';
import { fixture, word } from '../../src/perceive/read/__fixtures__/office.ts';
import { ffmpeg } from '../../src/perceive/watch/__fixtures__/film.ts';
import { fileOf, pdfOf, say } from '../../src/runtime/pdf/__fixtures__/pdf.ts';

/** Writes every bad file that has a name of its own into a folder. */
export async function writeNamedFiles(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const write = (name: string, bytes: Uint8Array | string) => writeFileSync(join(folder, name), bytes);
  const whole = pdfOf([{ content: say('The first page', 72, 700) }, { content: say('The second page', 72, 700) }]);
  write('empty.png', '');
  write('corrupt.pdf', Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(3_000, 'x9 ')]));
  write('truncated.pdf', whole.subarray(0, Math.floor(whole.length * 0.8)));
  write('locked.pdf', await lockedPdf());
  write(
    'no-pages.pdf',
    fileOf(
      new Map([
        [1, '<< /Type /Catalog /Pages 2 0 R >>'],
        [2, '<< /Type /Pages /Count 0 /Kids [] >>'],
        [3, '<< >>'],
      ]),
    ),
  );
  write('bomb.docx', word('<w:p/>', { styles: `<${' '.repeat(70 * 2 ** 20)}` }));
  write('endless.docx', word(`<w:p><w:r><w:t>${'x'.repeat(9_000_000)}</w:t></w:r></w:p>`));
  write('truncated.docx', fixture('report.docx').subarray(0, 3_000));
  const png = await sharp({ create: { width: 40, height: 30, channels: 3, background: '#fff' } })
    .png()
    .toBuffer();
  write('truncated.png', png.subarray(0, png.length - 20));
  write('polyglot.pdf', Buffer.concat([png, whole]));
  write('picture.docx', png);
  write('text.wav', 'This is not a recording.\n');
  write('huge.png', claims.png!(50_000, 50_000));
  write('long.gif', claims.gif!(10, 10, 10_000));
  write('silence.wav', wavFile(new Uint8Array(64_000)));
  write('headless.wav', wavFile(new Uint8Array(64_000)).subarray(0, 30));
  write('cut.wav', speech().subarray(0, 20_000));
}

/** A recording of two hours without a sound. Sparse: the file system need not store its zeros. */
export function writeTwoHours(path: string): void {
  const dataSize = 7_200 * 32_000;
  writeFileSync(path, wavFile(new Uint8Array(0), { dataSize }));
  truncateSync(path, 44 + dataSize);
}

/** The films, where there is an ffmpeg. */
export async function writeNamedFilms(folder: string): Promise<void> {
  const at = (name: string) => join(folder, name);
  const pictures = ['-f', 'lavfi', '-i', 'testsrc=duration=3:size=160x96:rate=10'];
  const sound = ['-f', 'lavfi', '-i', 'sine=frequency=330:duration=3'];
  const h264 = ['-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-y'];
  await ffmpeg(...pictures, ...h264, at('no-sound.mp4'));
  await ffmpeg(...sound, '-c:a', 'aac', '-y', at('no-pictures.mp4'));
  // Ten frames a second at first, then one a second.
  const uneven = [
    '-f',
    'lavfi',
    '-i',
    'testsrc=duration=4:size=160x96:rate=10',
    '-vf',
    "select='lt(t,1)+not(mod(n,10))'",
  ];
  // What keeps frames where they are is called otherwise from ffmpeg 5.1 on, and soon only so.
  const encode = (kept: string) => ffmpeg(...uneven, kept, 'vfr', '-c:v', 'mpeg4', '-y', at('uneven.mkv'));
  await encode('-fps_mode').catch(() => encode('-vsync'));
}

function speech(): Buffer {
  return wavFile(new Uint8Array(Int16Array.from(sine(440, 16_000, 2, 0.5), (sample) => sample * 32_767).buffer));
}

async function lockedPdf(): Promise<Buffer> {
  const document = new PdfDocument({ userPassword: 'secret', ownerPassword: 'secret' });
  const pieces: Buffer[] = [];
  document.on('data', (piece: Buffer) => pieces.push(piece));
  const ended = new Promise((resolve) => document.on('end', resolve));
  document.text('Nobody may read this.');
  document.end();
  await ended;
  return Buffer.concat(pieces);
}

/** What each of some two hundred languages calls itself, one a line: text in every script that Unicode's data has names in. */
export function manyLanguages(): string {
  const letters = [...'abcdefghijklmnopqrstuvwxyz'];
  const codes = letters.flatMap((a) => letters.flatMap((b) => [`${a}${b}`, ...letters.map((c) => `${a}${b}${c}`)]));
  const own = new Map<string, string>();
  for (const code of codes) {
    if (Intl.DisplayNames.supportedLocalesOf(code).length === 0) continue;
    const name = new Intl.DisplayNames(code, { type: 'language', fallback: 'none' }).of(code);
    if (name) own.set(code, `${code} ${name}`);
  }
  return [...own.values()].join('\n');
}
