import { mkdir, statfs } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import type { LoadedConfig } from '#config/index.ts';
import { runCommand } from '#kit/command.ts';
import { DECODERS } from '#media/index.ts';
import type { LocalModelStore } from '#models/index.ts';
import { installedVersion, OPTIONAL_PACKAGES, type OptionalPackage } from '#runtime/optional.ts';

/** One thing looked at. `needed` things must be there for the main job; `fix` is the command or step that mends it. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly needed: boolean;
  readonly detail: string;
  readonly fix: string | null;
}

const GIGABYTE = 1e9;
const NEEDED_MEMORY_GB = 3;
const NEEDED_DISK_GB = 1.5;

/** Looks at what this machine can run, without loading a model or asking the network. */
export async function examine({ config, home }: LoadedConfig, store: LocalModelStore): Promise<Check[]> {
  const packages = (Object.keys(OPTIONAL_PACKAGES) as OptionalPackage[]).map(packageCheck);
  const [disk, ffmpeg, pip, npm, models] = await Promise.all([
    diskCheck(home),
    ffmpegCheck(),
    clientCheck('python3', ['-m', 'pip', '--version'], 'pip', 'Install Python with pip, or use another model source.'),
    clientCheck('npm', ['--version'], 'npm', 'Install npm, or use another model source.'),
    modelChecks(store, [
      config.hear.model,
      'silero-vad',
      config.ask.model,
      config.speak.model,
      'english-lexicon',
      'english-g2p',
      config.embed.model,
    ]),
  ]);
  return [nodeCheck(), machineCheck(), disk, ...packages, ffmpeg, pip, npm, ...models];
}

function nodeCheck(): Check {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const ok = major > 20 || (major === 20 && minor >= 20);
  return {
    name: 'node',
    ok,
    needed: true,
    detail: process.versions.node,
    fix: ok ? null : 'Install Node 20.20 or newer.',
  };
}

function machineCheck(): Check {
  const gigabytes = totalmem() / GIGABYTE;
  const ok = gigabytes >= NEEDED_MEMORY_GB;
  const detail = `${process.platform}-${process.arch}, ${availableParallelism()} cores, ${gigabytes.toFixed(1)} GB memory`;
  return {
    name: 'machine',
    ok,
    needed: true,
    detail,
    fix: ok ? null : 'Use the small language model: --model smollm2-135m-instruct',
  };
}

async function diskCheck(home: string): Promise<Check> {
  try {
    await mkdir(home, { recursive: true });
    const { bavail, bsize } = await statfs(home);
    const gigabytes = (bavail * bsize) / GIGABYTE;
    const ok = gigabytes >= NEEDED_DISK_GB;
    const fix = ok ? null : `Free ${NEEDED_DISK_GB} GB there, or move it with SENSORIUM_HOME.`;
    return { name: 'home', ok, needed: true, detail: `${home}, ${gigabytes.toFixed(1)} GB free`, fix };
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? 'error';
    return {
      name: 'home',
      ok: false,
      needed: true,
      detail: `${home} cannot be written (${why})`,
      fix: 'Point SENSORIUM_HOME to a folder you own.',
    };
  }
}

function packageCheck(name: OptionalPackage): Check {
  const { purpose, range, needed } = OPTIONAL_PACKAGES[name];
  const version = installedVersion(name);
  const fix = version ? null : `npm install ${name}@${range}`;
  return {
    name,
    ok: version !== null,
    needed,
    detail: version ? `${version}, ${purpose}` : `missing; ${purpose}`,
    fix,
  };
}

async function ffmpegCheck(): Promise<Check> {
  const decoder = DECODERS.find(({ id }) => id === 'ffmpeg');
  const ok = (await decoder?.available()) ?? false;
  return {
    name: 'ffmpeg',
    ok,
    needed: false,
    detail: ok
      ? (decoder?.purpose ?? '')
      : 'missing; WAV works without it, other formats are decoded in process and more slowly',
    fix: ok ? null : 'Install ffmpeg with your system’s packages, or: npm install @ffmpeg-installer/ffmpeg',
  };
}

async function clientCheck(program: string, args: string[], name: string, fix: string): Promise<Check> {
  const { code, stdout } = await runCommand(program, args, { timeoutMs: 10_000 });
  const ok = code === 0;
  return {
    name,
    ok,
    needed: false,
    detail: ok ? (stdout.split(' from ')[0]?.trim() ?? '') : 'missing; a source of models',
    fix: ok ? null : fix,
  };
}

async function modelChecks(store: LocalModelStore, wanted: readonly string[]): Promise<Check[]> {
  const known = await store.list();
  return wanted.flatMap((id) => {
    const model = known.find((one) => one.id === id);
    if (!model) return [];
    const size = `${(model.sizeBytes / 1e6).toFixed(0)} MB`;
    const detail = model.installed ? `installed, ${size}` : `not here yet, ${size}; fetched when first needed`;
    return [
      {
        name: id,
        ok: model.installed,
        needed: false,
        detail,
        fix: model.installed ? null : `sensorium models pull ${id}`,
      },
    ];
  });
}
