import fc from 'fast-check';
import type { MediaInput } from '#media/index.ts';
import type { PerceiveRequest } from '#pipeline/perceive-one.ts';
import { zip } from '../../src/perceive/read/__fixtures__/zip.ts';
import { damaged, damages } from './damage.ts';
import * as made from './made.ts';
import { type Family, openSamples, type Sample, unpacked } from './samples.ts';

/** One input of the fuzz run: a file, what it is called and what is asked for. */
export interface Hostile {
  /** Where it comes from, for the report. */
  readonly from: string;
  readonly bytes: Uint8Array;
  readonly name: string;
  readonly sense: PerceiveRequest['sense'];
  /** Decoded without ffmpeg. */
  readonly withoutFfmpeg: boolean;
  /** The kind that a data URL says it is; `null` where it does not come as one. */
  readonly declared: string | null;
}

/** How many of a thousand inputs are of each kind; what starts a process of its own each time is rarer. */
const SHARES = {
  picture: 130,
  document: 100,
  inside: 110,
  pdf: 60,
  markup: 80,
  wav: 90,
  sound: 60,
  plainSound: 15,
  video: 30,
  glued: 50,
  wavs: 50,
  pictures: 45,
  pdfs: 30,
  archives: 30,
  offices: 40,
  htmls: 25,
  marked: 25,
  texts: 30,
  films: 15,
  noise: 25,
} as const;

const ENDINGS = [
  'wav',
  'mp3',
  'mp4',
  'png',
  'jpg',
  'gif',
  'pdf',
  'docx',
  'xlsx',
  'epub',
  'html',
  'md',
  'csv',
  'txt',
  'exe',
  '',
];
const TYPES = [
  'image/png',
  'audio/wav',
  'video/mp4',
  'application/pdf',
  'text/plain',
  'text/html;charset=utf-16',
  'x/y',
  '',
];
const ODD_NAMES = ['..', '../../../etc/passwd', 'a\0b.wav', '名 字.wav', 'x'.repeat(400), '-rf', '%s%n', '<script>'];

/** Makes inputs; opening it takes some seconds, in which files of every kind are encoded. */
export async function openInputs(): Promise<(count: number, seed: number) => Hostile[]> {
  const samples = await openSamples();
  const all = Object.values(samples).flat();
  const archives = await Promise.all(
    samples.document.map(async (sample) => ({ sample, parts: await unpacked(sample.bytes) })),
  );
  const pick = <T>(from: readonly T[]) => fc.constantFrom(...from);
  const rarely = <T>(from: readonly T[]) =>
    fc.oneof({ weight: 7, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: pick(from) });
  const broken = (from: readonly Sample[]) =>
    fc.tuple(pick(from), damages).map(([sample, harm]) => ({ ...sample, bytes: damaged(sample.bytes, harm) }));
  const of = (family: Family) => broken(samples[family].length > 0 ? samples[family] : all);
  const inside = pick(archives).chain(({ sample, parts }) =>
    fc.tuple(fc.nat(parts.length - 1), damages).map(([at, harm]) => ({
      ...sample,
      bytes: zip(parts.map((part, index) => (index === at ? { ...part, text: damaged(part.text, harm) } : part))),
    })),
  );
  const glued = fc.tuple(broken(all), broken(all), fc.option(damages)).map(([first, second, harm]) => ({
    name: `${first.name}+${second.name}`,
    ending: second.ending,
    bytes: damaged(Buffer.concat([first.bytes, second.bytes]), harm ?? []),
  }));
  const nameless = (ending: string, from: made.Made): fc.Arbitrary<Sample> =>
    from.map((bytes) => ({ name: '', ending, bytes }));

  const kinds: Readonly<Record<keyof typeof SHARES, fc.Arbitrary<Sample>>> = {
    ...{
      picture: of('picture'),
      document: of('document'),
      inside,
      pdf: of('pdf'),
      markup: of('markup'),
      wav: of('wav'),
    },
    ...{ sound: of('sound'), plainSound: of('sound'), video: of('video'), glued },
    ...{ wavs: nameless('wav', made.wavs), pictures: nameless('png', made.pictures), pdfs: nameless('pdf', made.pdfs) },
    ...{
      archives: nameless('docx', made.archives),
      offices: nameless('docx', made.offices),
      htmls: nameless('html', made.htmls),
    },
    ...{ marked: nameless('md', made.marked), texts: nameless('txt', made.texts), films: nameless('mp4', made.films) },
    noise: nameless('bin', made.noise),
  };
  const weighted = Object.entries(SHARES).map(([kind, weight]) => ({
    weight,
    arbitrary: kinds[kind as keyof typeof SHARES].map((sample) => ({ kind, sample })),
  }));
  const input: fc.Arbitrary<Hostile> = fc
    .record({
      what: fc.oneof(...weighted),
      ending: rarely(ENDINGS),
      oddName: rarely(ODD_NAMES),
      sense: fc.oneof(
        { weight: 6, arbitrary: fc.constant('whatever' as const) },
        { weight: 2, arbitrary: fc.constant('read' as const) },
        { weight: 1, arbitrary: fc.constant('hear' as const) },
      ),
      declared: rarely(TYPES),
    })
    .map(({ what: { kind, sample }, ending, oddName, sense, declared }) => ({
      from: `${kind} ${sample.name}`.trim(),
      bytes: sample.bytes,
      name: oddName ?? `file.${ending ?? sample.ending}`,
      sense,
      withoutFfmpeg: kind === 'plainSound',
      declared: sample.bytes.length < 100_000 ? declared : null,
    }));
  // Without the bias of fast-check, which would try small values first in each batch.
  return (count, seed) => fc.sample(fc.noBias(input), { numRuns: count, seed });
}

/** The input as a person or a program hands it over. */
export function handedOver({ bytes, name, declared }: Hostile): MediaInput {
  if (declared === null) return { kind: 'bytes', bytes, name };
  return { kind: 'url', url: `data:${declared};base64,${Buffer.from(bytes).toString('base64')}`, name };
}
