import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import envPaths from 'env-paths';
import { runCommand } from '#kit/command.ts';

const PINNED = {
  gateway: '@portkey-ai/gateway',
  // Portkey leaves the version of its server open, and answers streams with status 500 on the later ones tried.
  gatewayServer: '@hono/node-server',
  proxy: 'litellm[proxy]',
} as const;

/** The versions measured against, by package. A changed one is installed anew. */
export const PINS: Readonly<Record<(typeof PINNED)[keyof typeof PINNED], string>> = JSON.parse(
  readFileSync(new URL('./pins.json', import.meta.url), 'utf8'),
);
export const PORTKEY_VERSION = PINS[PINNED.gateway];
export const LITELLM_VERSION = PINS[PINNED.proxy];

const CACHE = envPaths('sensorium-bench', { suffix: '' }).cache;

/** The start script of the pinned Portkey gateway, installed with npm when it is not there. Throws with what npm said. */
export async function installPortkey(log: (line: string) => void, signal: AbortSignal): Promise<string> {
  const folder = join(CACHE, 'portkey');
  const manifest = JSON.stringify({
    private: true,
    dependencies: { [PINNED.gateway]: PORTKEY_VERSION },
    overrides: { [PINNED.gatewayServer]: PINS[PINNED.gatewayServer] },
  });
  await once(folder, manifest, async () => {
    log(`Installing Portkey gateway ${PORTKEY_VERSION} in ${folder} (once, about 25 MB) …`);
    writeFileSync(join(folder, 'package.json'), manifest);
    await mustRun('npm', ['install', '--prefix', folder, '--no-audit', '--no-fund', '--ignore-scripts'], signal);
  });
  return join(folder, 'node_modules', PINNED.gateway, 'build', 'start-server.js');
}

/** The command of the pinned LiteLLM proxy, installed with pip when it is not there. Throws with what pip said. */
export async function installLitellm(log: (line: string) => void, signal: AbortSignal): Promise<string> {
  const folder = join(CACHE, 'litellm');
  const requirement = `${PINNED.proxy}==${LITELLM_VERSION}`;
  await once(folder, requirement, async () => {
    log(`Installing LiteLLM proxy ${LITELLM_VERSION} in ${folder} (once, about 700 MB) …`);
    await mustRun('python3', ['-m', 'venv', folder], signal);
    const what = ['--quiet', '--only-binary', ':all:', requirement];
    await mustRun(join(folder, 'bin', 'python'), ['-m', 'pip', 'install', ...what], signal);
  });
  return join(folder, 'bin', 'litellm');
}

// A note in the folder says what was installed there to the end.
async function once(folder: string, what: string, install: () => Promise<void>): Promise<void> {
  const note = join(folder, 'installed');
  if (existsSync(note) && readFileSync(note, 'utf8') === what) return;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await install();
  writeFileSync(note, what);
}

async function mustRun(program: string, args: readonly string[], signal: AbortSignal): Promise<void> {
  const { code, startError, stderr } = await runCommand(program, args, { signal });
  if (startError) throw new Error(`${program} is not installed.`);
  if (code !== 0) throw new Error(`${program} failed: ${stderr.trim().split('\n').at(-1)}`);
}
