import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { emptyFolder } from './cli/run-cli.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const blockOf = (language: string) => new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(readme)?.[1] ?? '';

let url = '';
let folder = '';
let server: ReturnType<typeof spawn>;

beforeAll(async () => {
  folder = emptyFolder();
  mkdirSync(join(folder, 'examples'));
  copyFileSync(join(root, 'examples/question.wav'), join(folder, 'examples/question.wav'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const args = [join(root, 'bin/sensorium.js'), 'serve', '--port', '0', '--json'];
  server = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, SENSORIUM_LOG_LEVEL: 'error' },
  });
  for await (const line of createInterface({ input: server.stdout as NodeJS.ReadableStream })) {
    url = JSON.parse(line).url;
    break;
  }
});

afterAll(async () => {
  server.kill('SIGTERM');
  await once(server, 'exit');
});

const here = (text: string) => text.replaceAll('http://127.0.0.1:8600', url);

it('the three curl lines of the README do what they say', () => {
  const lines = blockOf('sh').trim().split('\n');
  expect(lines).toHaveLength(3);
  const [chat, transcript] = lines.map((line) =>
    execFileSync('bash', ['-c', `${here(line)} --fail --silent --show-error`], { cwd: folder, encoding: 'utf8' }),
  );
  expect(JSON.parse(chat ?? '').choices[0].message.content).toContain('Paris');
  expect(transcript).toMatch(/^1\n00:00:00,\d{3} --> 00:00:01,\d{3}\nWhat is the capital of France\?/);
  const sound = readFileSync(join(folder, 'turn.mp3'));
  expect(sound[0]).toBe(0xff);
  expect(sound.length).toBeGreaterThan(8_000);
});

it('the official client of the README runs as it stands', () => {
  writeFileSync(join(folder, 'client.mjs'), here(blockOf('js')));
  const said = execFileSync(process.execPath, ['client.mjs'], { cwd: folder, encoding: 'utf8' });
  console.log(`README client: ${said.trim()}`);
  expect(said).toMatch(/Paris/);
  expect(said.length).toBeGreaterThan('The capital of France is Paris.'.length + 5);
});
