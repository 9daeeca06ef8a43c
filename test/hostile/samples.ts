import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import PdfDocument from 'pdfkit';
import sharp from 'sharp';
import { fromBufferPromise } from 'yauzl';
import { runCommand } from '#kit/command.ts';
import { findFfmpeg } from '#runtime/ffmpeg.ts';
import { sine, wavFile } from '../../src/media/__fixtures__/wav.ts';
import { fixture } from '../../src/perceive/read/__fixtures__/office.ts';
import { paint, pdfOf, say, sayWide } from '../../src/runtime/pdf/__fixtures__/pdf.ts';

/** A sound file that is there to be damaged. `ending` is the one its kind has. */
export interface Sample {
  readonly name: string;
  readonly ending: string;
  readonly bytes: Uint8Array;
}

export type Family = 'picture' | 'document' | 'pdf' | 'markup' | 'wav' | 'sound' | 'video';
export type Samples = Readonly<Record<Family, readonly Sample[]>>;

const data = new URL('../../../shared/data/', import.meta.url).pathname;
/** Longer files only cost time. */
const MOST_BYTES = 100_000;

/** Real files of every kind: those of the tests, the shared ones where they are, and some that are made here. */
export async function openSamples(): Promise<Samples> {
  const folder = mkdtempSync(join(tmpdir(), 'hostile-samples-'));
  try {
    return {
      picture: [...shared('image'), ...pictureFixtures(), ...(await madePictures())],
      document: ['report.docx', 'slides.pptx', 'budget.xlsx', 'report.epub'].map((name) =>
        sampleOf(name, fixture(name)),
      ),
      pdf: [sampleOf('plain.pdf', plainPdf()), sampleOf('packed.pdf', await packedPdf())],
      markup: Object.entries(MARKUP).map(([name, text]) => sampleOf(name, Buffer.from(text))),
      wav: [...shared('audio', '.wav').map(shorter), ...madeWavs()],
      sound: [...shared('audio', '.mp3'), ...shared('broken'), ...(await encoded(SOUNDS, SOUND_INPUT, folder))],
      video: await encoded(VIDEOS, VIDEO_INPUT, folder),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function sampleOf(name: string, bytes: Uint8Array): Sample {
  return { name, ending: name.slice(name.lastIndexOf('.') + 1), bytes };
}

function filesOf(folder: string, ending = ''): Sample[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .map((name) => sampleOf(name, readFileSync(join(folder, name))));
}

function shared(folder: string, ending = ''): Sample[] {
  return filesOf(join(data, folder), ending).map(({ name, bytes }) =>
    sampleOf(name, ending === '.wav' ? bytes : bytes.subarray(0, MOST_BYTES)),
  );
}

const pictureFixtures = () =>
  filesOf(new URL('../../src/perceive/see/__fixtures__/', import.meta.url).pathname, '.png');

/** The first half second: its head then promises more than there is, unless it is made to fit. */
function shorter({ name, bytes }: Sample): Sample {
  const cut = Buffer.from(bytes.subarray(0, 17_000));
  const at = cut.indexOf('data');
  if (at > 0) cut.writeUInt32LE(cut.length - at - 8, at + 4);
  return sampleOf(name, cut);
}

async function madePictures(): Promise<Sample[]> {
  const [width, height] = [48, 40];
  const rgb = Buffer.from(Array.from({ length: width * height * 3 }, (_, at) => (at * 37) % 256));
  const one = () => sharp(rgb, { raw: { width, height, channels: 3 } });
  const frames = Buffer.concat([rgb, Buffer.from(rgb).reverse(), Buffer.alloc(rgb.length, 90)]);
  const film = () => sharp(frames, { raw: { width, height: height * 3, channels: 3, pageHeight: height } });
  const made: Readonly<Record<string, Promise<Buffer>>> = {
    'made.png': one().png().toBuffer(),
    'made16.png': one().toColourspace('rgb16').png().toBuffer(),
    'palette.png': one().png({ palette: true, colours: 4 }).toBuffer(),
    'made.jpg': one().jpeg().toBuffer(),
    'turned.jpg': one().withMetadata({ orientation: 6 }).jpeg({ progressive: true }).toBuffer(),
    'cmyk.jpg': one().toColourspace('cmyk').jpeg().toBuffer(),
    'made.webp': one().webp().toBuffer(),
    'lossless.webp': one().ensureAlpha(0.5).webp({ lossless: true }).toBuffer(),
    'film.webp': film().webp().toBuffer(),
    'made.gif': one().gif().toBuffer(),
    'film.gif': film().gif().toBuffer(),
    'made.tiff': one().tiff({ compression: 'lzw' }).toBuffer(),
    'tiles.tiff': one().tiff({ compression: 'deflate', tile: true, tileWidth: 16, tileHeight: 16 }).toBuffer(),
    'made.avif': one().avif({ effort: 0 }).toBuffer(),
  };
  const samples = await Promise.all(Object.entries(made).map(async ([name, bytes]) => sampleOf(name, await bytes)));
  return [...samples, sampleOf('made.bmp', bitmap(width, height, rgb))];
}

/** A Windows bitmap, 24 bits, upside down as most are. */
function bitmap(width: number, height: number, rgb: Buffer): Buffer {
  const head = Buffer.alloc(54);
  head.write('BM');
  head.writeUInt32LE(54 + rgb.length, 2);
  head.writeUInt32LE(54, 10);
  head.writeUInt32LE(40, 14);
  head.writeInt32LE(width, 18);
  head.writeInt32LE(height, 22);
  head.writeUInt16LE(1, 26);
  head.writeUInt16LE(24, 28);
  return Buffer.concat([head, rgb]);
}

function plainPdf(): Uint8Array {
  const first =
    say('Heading', 72, 780, { font: 'F2', sizePt: 20 }) +
    say('Words and a link', 72, 700) +
    sayWide('中文', 72, 650) +
    paint(72, 300, 200, 200) +
    '66 600 360 0.5 re f\n';
  const link =
    '/Annots [<< /Type /Annot /Subtype /Link /Rect [70 695 110 715] /A << /S /URI /URI (https://example.org/a) >> >>]';
  return pdfOf(
    [
      { content: first, more: link },
      { content: paint(0, 0, 595, 842), rotate: 90 },
      { content: say('The end', 72, 700) },
    ],
    {
      info: '/Title (A title)',
      catalog: '/Outlines << /First << /Title (Heading) /Dest [10 0 R /Fit] >> >>',
    },
  );
}

/** As programs write them: streams packed, a picture, several pages. */
async function packedPdf(): Promise<Buffer> {
  const picture = await sharp({ create: { width: 60, height: 40, channels: 3, background: '#c04020' } })
    .jpeg()
    .toBuffer();
  const document = new PdfDocument({ size: 'A5' });
  const pieces: Buffer[] = [];
  document.on('data', (piece: Buffer) => pieces.push(piece));
  const ended = new Promise((resolve) => document.on('end', resolve));
  document.fontSize(18).text('A report').fontSize(11).text('Some words in two lines of text. '.repeat(6));
  document.addPage().image(picture, 50, 50).text('Under the picture', 50, 200);
  document.end();
  await ended;
  return Buffer.concat(pieces);
}

const MARKUP: Readonly<Record<string, string>> = {
  'page.html':
    '<!doctype html><html><head><title>标题</title><meta charset="utf-8"></head><body><h1>One</h1><p>Text &amp; <b>bold</b> <a href="https://example.org">link</a></p><ul><li>a<ol><li>b</ol></ul><table><tr><th colspan=2>H<tr><td>1<td>2</table><pre>x\n y</pre><img alt="p" src="data:image/png;base64,AA=="></body></html>',
  'page.xhtml':
    '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><body><p>甲<br/>乙</p><![CDATA[x]]></body></html>',
  'notes.md':
    '# 标题\n\nSome *words*, a [link](https://example.org).\n\n- a\n  - b\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```js\nx\n```\n',
  'cities.csv': '城市,人口,"说明, 长"\n上海,"2,487","两\n行"\n北京,2189,\n',
  'cities.tsv': 'a\tb\tc\n1\t2\t3\n4\t5\t6\n',
  'feed.xml': '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a><d>&b;</d></a>',
  'plain.txt': '第一行\nSecond line\r\nثالث\n',
};

function madeWavs(): Sample[] {
  const samples = sine(300, 8_000, 0.4, 0.6);
  const of = (name: string, data: Uint8Array, options: Parameters<typeof wavFile>[1]) =>
    sampleOf(`${name}.wav`, wavFile(data, { sampleRateHz: 8_000, ...options }));
  const bytes = Uint8Array.from(samples, (sample) => 128 + sample * 120);
  return [
    of('u8', bytes, { bits: 8 }),
    of('alaw', bytes, { bits: 8, tag: 6 }),
    of('f32', new Uint8Array(samples.buffer), { bits: 32, tag: 3 }),
    of('f64', new Uint8Array(Float64Array.from(samples).buffer), { bits: 64, tag: 3, extensible: true }),
    of('s16', new Uint8Array(Int16Array.from(samples, (sample) => sample * 32_000).buffer), {
      channels: 2,
      rf64: true,
    }),
    of('s24', bytes.subarray(0, 3_198), { bits: 24, extra: [['LIST', new Uint8Array(27)]] }),
  ];
}

const SOUND_INPUT = ['-f', 'lavfi', '-i', 'sine=frequency=330:duration=0.6:sample_rate=16000'];
const VIDEO_INPUT = [
  ...['-f', 'lavfi', '-i', 'testsrc=duration=1:size=96x64:rate=8'],
  ...['-f', 'lavfi', '-i', 'sine=frequency=330:duration=1:sample_rate=16000'],
];

/** What ffmpeg is told for each sound. */
const SOUNDS: Readonly<Record<string, readonly string[]>> = {
  'tone.mp3': [],
  'tone.ogg': ['-c:a', 'libvorbis'],
  'tone.opus': ['-c:a', 'libopus'],
  'tone.flac': [],
  'tone.m4a': ['-c:a', 'aac'],
  'tone.aac': ['-c:a', 'aac'],
  'tone.wma': ['-c:a', 'wmav2'],
  'tone.aiff': [],
  'tone.caf': [],
  'tone.au': [],
  'adpcm.wav': ['-c:a', 'adpcm_ms'],
  'tone.ac3': [],
  'tone.webm': ['-c:a', 'libopus'],
};

const VIDEOS: Readonly<Record<string, readonly string[]>> = {
  'clip.mp4': ['-c:v', 'libx264', '-c:a', 'aac', '-pix_fmt', 'yuv420p'],
  'faststart.mp4': ['-c:v', 'libx264', '-c:a', 'aac', '-pix_fmt', 'yuv420p', '-movflags', '+faststart'],
  'silent.mov': ['-an', '-c:v', 'libx264', '-pix_fmt', 'yuv420p'],
  'clip.webm': ['-c:v', 'libvpx', '-c:a', 'libvorbis'],
  'clip.mkv': ['-c:v', 'mpeg4', '-c:a', 'libmp3lame'],
  'clip.avi': ['-c:v', 'mpeg4', '-c:a', 'pcm_s16le'],
  'clip.mpg': ['-c:v', 'mpeg2video', '-c:a', 'mp2', '-r', '25', '-ar', '44100'],
  'clip.ts': ['-c:v', 'libx264', '-c:a', 'aac', '-f', 'mpegts'],
  'clip.flv': ['-c:v', 'flv', '-c:a', 'libmp3lame', '-ar', '44100'],
  'clip.ogv': ['-c:v', 'libtheora', '-c:a', 'libvorbis'],
  'clip.wmv': ['-c:v', 'wmv2', '-c:a', 'wmav2'],
};

/** Encodes an input in every way; a way that this ffmpeg does not know is left out, aloud. */
async function encoded(
  ways: Readonly<Record<string, readonly string[]>>,
  input: readonly string[],
  folder: string,
): Promise<Sample[]> {
  const program = await findFfmpeg();
  if (!program) {
    console.warn(`No ffmpeg here: ${Object.keys(ways).join(', ')} are left out.`);
    return [];
  }
  const samples: Sample[] = [];
  for (const [name, how] of Object.entries(ways)) {
    const path = join(folder, name);
    const { code, stderr } = await runCommand(program, [
      '-hide_banner',
      '-nostdin',
      '-loglevel',
      'error',
      ...input,
      ...how,
      '-y',
      path,
    ]);
    if (code === 0) samples.push(sampleOf(name, readFileSync(path)));
    else console.warn(`${name} is left out: ${stderr.split('\n')[0]}`);
  }
  return samples;
}

/** The parts of a zip archive, unpacked. */
export async function unpacked(archive: Uint8Array): Promise<{ name: string; text: Uint8Array }[]> {
  const zip = await fromBufferPromise(Buffer.from(archive));
  const parts: { name: string; text: Uint8Array }[] = [];
  for await (const entry of zip.eachEntry()) {
    const pieces: Buffer[] = [];
    for await (const piece of await zip.openReadStreamPromise(entry)) pieces.push(piece as Buffer);
    parts.push({ name: entry.fileName, text: Buffer.concat(pieces) });
  }
  return parts;
}
