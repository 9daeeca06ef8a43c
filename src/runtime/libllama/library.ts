import { readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Koffi, LibraryHandle } from './koffi.ts';
import { engineUnusable } from './refusals.ts';

/** The shared libraries of llama.cpp in one folder. */
export interface Libraries {
  readonly koffi: Koffi;
  readonly folder: string;
  readonly llama: LibraryHandle;
  /** Backends and their registry. */
  readonly ggml: LibraryHandle;
  /** Tensors and how their numbers are stored. */
  readonly base: LibraryHandle;
}

/** Packages of node-llama-cpp that hold a build for the processor alone. */
const BUILDS: Readonly<Record<string, readonly string[]>> = {
  'linux-x64': ['linux-x64'],
  'linux-arm64': ['linux-arm64'],
  'linux-arm': ['linux-armv7l'],
  'darwin-arm64': ['mac-arm64-metal'],
  'darwin-x64': ['mac-x64'],
  'win32-x64': ['win-x64'],
  'win32-arm64': ['win-arm64'],
};

/** The folder with llama.cpp's libraries that came with node-llama-cpp. Throws `inject.engine-unusable`. */
export function libraryFolder(): string {
  const here = createRequire(import.meta.url);
  const builds = BUILDS[`${process.platform}-${process.arch}`] ?? [];
  for (const build of builds) {
    const main = resolved(here, `@node-llama-cpp/${build}`) ?? resolvedBelow(here, `@node-llama-cpp/${build}`);
    // <package>/dist/index.js, and the libraries in <package>/bins/<build>.
    if (main !== null) return join(dirname(dirname(main)), 'bins', build);
  }
  throw engineUnusable(
    'EMB_ENGINE_ABI',
    `node-llama-cpp has no shared library for ${process.platform}-${process.arch}.`,
    {
      hint: 'Install it without leaving out its optional packages: npm install node-llama-cpp --include=optional',
    },
  );
}

const opened = new Map<string, Promise<Libraries>>();

/** Opens the libraries, once in a process, and lets ggml choose the build for this processor. */
export function openLibraries(koffi: Koffi, folder = libraryFolder()): Promise<Libraries> {
  const libraries = opened.get(folder) ?? open(koffi, folder);
  opened.set(folder, libraries);
  return libraries;
}

async function open(koffi: Koffi, folder: string): Promise<Libraries> {
  const files = await readdir(folder).catch(() => []);
  const find = (name: string) => {
    const file = files.find((one) => new RegExp(`^(lib)?${name}(\\.v[\\d.]+)?\\.(so|dylib|dll)$`).test(one));
    if (file === undefined) throw engineUnusable('EMB_ENGINE_ABI', `There is no library ${name} in node-llama-cpp.`);
    return koffi.load(join(folder, file));
  };
  try {
    const libraries = { koffi, folder, base: find('ggml-base'), ggml: find('ggml'), llama: find('llama') };
    libraries.ggml.func('ggml_backend_load_all_from_path', 'void', ['str'])(folder);
    return libraries;
  } catch (error) {
    throw engineUnusable('EMB_ENGINE_ABI', 'The libraries of llama.cpp cannot be loaded.', { cause: error });
  }
}

function resolved(from: NodeJS.Require, name: string): string | null {
  try {
    return from.resolve(name);
  } catch {
    return null;
  }
}

/** Where packages are not laid flat, the build is only seen from the package that needs it. */
function resolvedBelow(from: NodeJS.Require, name: string): string | null {
  const parent = resolved(from, 'node-llama-cpp');
  return parent === null ? null : resolved(createRequire(parent), name);
}
