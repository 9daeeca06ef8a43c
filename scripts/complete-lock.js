// Completes package-lock.json after `npm install`: a registry mirror may lack packages for other platforms than its own, npm
// then leaves them out of the lock file, and `npm ci` refuses the lock file everywhere. Their names and versions stand in
// the packages that want them, and which platform each is for stands in its name.
import { readFileSync, writeFileSync } from 'node:fs';

const OS = {
  android: 'android',
  darwin: 'darwin',
  mac: 'darwin',
  linux: 'linux',
  win32: 'win32',
  win: 'win32',
  freebsd: 'freebsd',
  openbsd: 'openbsd',
  netbsd: 'netbsd',
  openharmony: 'openharmony',
  sunos: 'sunos',
  aix: 'aix',
};
const CPU = {
  x64: 'x64',
  arm64: 'arm64',
  arm: 'arm',
  armv7l: 'arm',
  ia32: 'ia32',
  ppc64: 'ppc64',
  ppc64le: 'ppc64',
  riscv64: 'riscv64',
  s390x: 's390x',
  loong64: 'loong64',
  mips64el: 'mips64el',
  wasm32: 'wasm32',
};
const LIBC = { musl: 'musl', gnu: 'glibc', musleabihf: 'musl', gnueabihf: 'glibc' };

const path = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(path, 'utf8'));
const added = [];

for (const [place, { optionalDependencies, dev }] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies ?? {})) {
    if (place === '' || has(place, name)) continue;
    const words = name.split(/[-/]/);
    const pick = (table) => words.flatMap((word) => (table[word] ? [table[word]] : [])).slice(0, 1);
    const [os, cpu, libc] = [pick(OS), pick(CPU), pick(LIBC)];
    if (os.length + cpu.length === 0) throw new Error(`${name}: its name does not say which platform it is for`);
    lock.packages[`node_modules/${name}`] = {
      version,
      ...(cpu.length > 0 ? { cpu } : {}),
      ...(dev ? { dev } : {}),
      ...(libc.length > 0 ? { libc } : {}),
      optional: true,
      ...(os.length > 0 ? { os } : {}),
    };
    added.push(`${name}@${version}`);
  }
}

// A package finds another in its own node_modules or in one further up.
function has(place, name) {
  for (let at = place; ; at = at.slice(0, at.lastIndexOf('node_modules/')).replace(/\/$/, '')) {
    if (lock.packages[`${at === '' ? '' : `${at}/`}node_modules/${name}`]) return true;
    if (at === '') return false;
  }
}

const { '': root, ...rest } = lock.packages;
lock.packages = { '': root, ...Object.fromEntries(Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1))) };
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`lock file: ${added.length} packages for other platforms added`);
