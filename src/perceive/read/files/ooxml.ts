import { saying } from './alternative.ts';
import { type Archive, openArchive, partAt } from './archive.ts';
import { broken, encrypted } from './failure.ts';
import type { FileToRead } from './told.ts';
import { attribute, children, descendants, type Element, elementOf, textOf } from './tree.ts';

/** Where a part points to. `type` is the last step of the relation's type: `slide`, `image`, `hyperlink`. */
export interface Relation {
  readonly type: string;
  /** The name of a part, or an address outside the file. */
  readonly target: string;
  readonly external: boolean;
}

export type Relations = ReadonlyMap<string, Relation>;

const OLE = [0xd0, 0xcf, 0x11, 0xe0] as const;
/** What an encrypted Office file has inside (MS-OFFCRYPTO, 2.3.4), as its directory writes it. */
const ENCRYPTED_PACKAGE = Buffer.from('EncryptedPackage', 'utf16le');

/** Opens an Office Open XML file and finds its main part. Throws `read.encrypted`, `read.broken`. */
export async function openOffice(file: FileToRead): Promise<{ readonly archive: Archive; readonly main: string }> {
  const { bytes, name } = file;
  if (OLE.every((byte, index) => bytes[index] === byte)) {
    if (Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(ENCRYPTED_PACKAGE))
      throw encrypted(name);
    throw broken(name, 'it is of the format before Office 2007');
  }
  const archive = await openArchive(bytes, name);
  const relations = await relationsOf(archive, '');
  const main = [...relations.values()].find(({ type }) => type === 'officeDocument')?.target;
  if (main === undefined || !archive.has(main)) throw broken(name, 'it has no main part');
  return { archive, main };
}

/** The relations of a part; those of the whole file for the empty name. */
export async function relationsOf(archive: Archive, part: string): Promise<Relations> {
  const at = part.lastIndexOf('/') + 1;
  const path = `${part.slice(0, at)}_rels/${part.slice(at)}.rels`;
  const root = await partOf(archive, path, 'Relationships');
  return new Map(
    children(root, 'Relationship').map((relation) => {
      const external = relation.attributes.TargetMode === 'External';
      const target = relation.attributes.Target ?? '';
      const type = (relation.attributes.Type ?? '').split('/').pop() ?? '';
      return [relation.attributes.Id ?? '', { type, external, target: external ? target : partAt(part, target) }];
    }),
  );
}

/** The root of an XML part as a whole; an empty element where there is no such part. */
export async function partOf(archive: Archive, part: string, root: string): Promise<Element> {
  const bytes = await archive.bytes(part);
  return elementOf(once(bytes ?? new Uint8Array()), root, archive.name);
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
}

/** The title the file's properties give; `null` where they give none. */
export async function titleOf(archive: Archive): Promise<string | null> {
  const title = textOf(children(await partOf(archive, 'docProps/core.xml', 'coreProperties'), 'title')[0]).trim();
  return title === '' ? null : title;
}

/** The words of alternative text: its description, else its title. */
export function alternativeText(properties: Element | undefined): string {
  return saying(attribute(properties, 'descr') ?? attribute(properties, 'title') ?? '');
}

/** The points of a diagram (SmartArt) in order, from its data part. */
export function diagramLines(model: Element): string[] {
  const lines: string[] = [];
  for (const point of descendants(model, 'pt')) {
    const paragraphs = [...descendants(point, 'p')].map((p) => [...descendants(p, 't')].map(textOf).join(''));
    const text = paragraphs.join(' ').trim();
    if (text !== '') lines.push(`- ${text}`);
  }
  return lines;
}
