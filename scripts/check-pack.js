// Packs the package, installs it in an empty folder and runs it there: first without the optional packages, when it must
// say what to install, then with what hearing needs.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = mkdtempSync(join(tmpdir(), 'sensorium-pack-'));
const { devDependencies } = JSON.parse(execFileSync('npm', ['pkg', 'get', '--json'], { cwd: root, encoding: 'utf8' }));
let checks = 0;

function check(what, holds, seen) {
  checks += 1;
  if (!holds) throw new Error(`${what}\n${seen}`);
  console.log(`pack: ${what}`);
}

const npm = (...args) => execFileSync('npm', args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
function sensorium(...args) {
  const { status, stdout, stderr } = spawnSync(join(folder, 'node_modules/.bin/sensorium'), args, {
    cwd: folder,
    encoding: 'utf8',
  });
  return { status, stdout, seen: `exit ${status}\n${stdout}\n${stderr}` };
}

try {
  execFileSync('npm', ['run', '-s', 'build'], { cwd: root, stdio: 'inherit' });
  execFileSync('npm', ['exec', '--', 'publint', '--strict'], { cwd: root, stdio: 'inherit' });
  execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  writeFileSync(join(folder, 'package.json'), '{"private":true,"type":"module"}');
  npm('install', '--ignore-scripts', '--no-audit', '--no-fund', join(folder, tarball));

  const version = sensorium('--version');
  check('says its version', version.status === 0 && /^\d+\.\d+\.\d+\n$/.test(version.stdout), version.seen);

  const doctor = sensorium('doctor', '--json');
  const missing = JSON.parse(doctor.stdout)
    .checks.filter(({ ok }) => !ok)
    .map(({ name }) => name);
  check(
    'doctor names the optional packages that are missing',
    missing.includes('onnxruntime-node') && doctor.status === 3,
    doctor.seen,
  );

  const recording = join(root, 'examples/question.wav');
  const deaf = sensorium('hear', recording);
  check(
    'hear says what to install',
    deaf.status === 3 && deaf.seen.includes('npm install onnxruntime-node'),
    deaf.seen,
  );

  const heavy = `onnxruntime-node@${devDependencies['onnxruntime-node']}`;
  npm('install', '--ignore-scripts', '--no-audit', '--no-fund', heavy);
  const heard = sensorium('hear', recording, '--json');
  check(
    'hear works once they are installed',
    heard.status === 0 && JSON.parse(heard.stdout).words.length > 3,
    heard.seen,
  );

  const library = spawnSync(
    process.execPath,
    ['-e', "import('sensorium').then((m) => console.log(typeof m.openSensorium))"],
    { cwd: folder, encoding: 'utf8' },
  );
  check('the library can be imported', library.stdout === 'function\n', library.stdout + library.stderr);
  console.log(`pack: ${checks} checks passed`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
