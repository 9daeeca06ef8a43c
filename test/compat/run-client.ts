import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { CHECKS } from './checks.ts';
import type { Client } from './clients.ts';
import { problemsOf } from './judge.ts';
import { type Exchange, record } from './recorder.ts';
import type { Judged } from './server.ts';
import { soundProblems } from './sounds.ts';

/** What one line of a client's program says. */
const Line = z.strictObject({
  check: z.string(),
  outcome: z.enum(['passed', 'failed', 'not-run']),
  reason: z.string().optional(),
  sounds: z
    .array(
      z.strictObject({ file: z.string(), format: z.enum(['wav', 'mp3', 'opus', 'flac', 'pcm']), said: z.string() }),
    )
    .optional(),
  retried: z.boolean().optional(),
});

export interface Outcome {
  readonly outcome: 'passed' | 'failed' | 'not-run';
  readonly reason: string;
}

export interface Judgement {
  /** By check. */
  readonly outcomes: ReadonlyMap<string, Outcome>;
  /** Answers held against OpenAI's shapes, and what was wrong with some. */
  readonly answers: number;
  readonly problems: readonly string[];
}

const PATIENCE_MS = 240_000;

/** Lets one client do everything it can to the server, and judges what came of it. */
export async function judge(
  client: Client,
  installed: { readonly program: string; readonly packages: string },
  server: Judged,
  only: string,
): Promise<Judgement> {
  const folder = mkdtempSync(join(tmpdir(), 'sensorium-judge-'));
  const recorder = await record(server.url);
  const script = new URL(`clients/${client.program}`, import.meta.url).pathname;
  const child = spawn(installed.program, [script], {
    env: {
      PATH: process.env.PATH ?? '',
      HOME: folder,
      COMPAT_URL: recorder.url,
      COMPAT_KEY: server.key,
      COMPAT_NARROW_KEY: server.narrowKey,
      COMPAT_FOLDER: folder,
      COMPAT_PACKAGES: installed.packages,
      COMPAT_ONLY: only,
      PYTHONDONTWRITEBYTECODE: '1',
      PYTHONUNBUFFERED: '1',
      // Else litellm asks the network for prices before it does anything.
      LITELLM_LOCAL_MODEL_COST_MAP: 'True',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: PATIENCE_MS,
    killSignal: 'SIGKILL',
  });
  let said = '';
  child.stderr.on('data', (bytes) => {
    said = (said + bytes).slice(-2000);
  });
  const ended = once(child, 'close');
  const outcomes = new Map<string, Outcome>();
  try {
    for await (const text of createInterface(child.stdout)) {
      if (!text.startsWith('{')) continue;
      const line = Line.parse(JSON.parse(text));
      const problems: string[] = [];
      for (const sound of line.sounds ?? []) problems.push(...(await soundProblems(sound, server)));
      if (line.retried) problems.push(...retryProblems(recorder.exchanges));
      const failed = problems.length > 0;
      outcomes.set(line.check, {
        outcome: failed ? 'failed' : line.outcome,
        reason: failed ? problems.join('; ') : (line.reason ?? ''),
      });
    }
    const [code] = await ended;
    // A program that stops early, or forgets a check, has not passed it.
    for (const { id } of CHECKS) {
      if (!id.startsWith(only) || outcomes.has(id)) continue;
      outcomes.set(id, { outcome: 'failed', reason: `the program ended with ${code} and never came to it. ${said}` });
    }
  } finally {
    child.kill('SIGKILL');
    await recorder.close();
    rmSync(folder, { recursive: true, force: true });
  }
  const problems = recorder.exchanges.flatMap((exchange) =>
    problemsOf(exchange).map((problem) => `${exchange.method} ${exchange.path} ${exchange.status}: ${problem}`),
  );
  return { outcomes, answers: recorder.exchanges.length, problems };
}

/** Timers may ring a little early. */
const EARLY_MS = 50;

/** Whether a client that was told to wait came back, and not before. */
function retryProblems(exchanges: readonly Exchange[]): readonly string[] {
  const refused = exchanges.findLast(({ status }) => status === 429);
  if (!refused) return ['nothing was refused with 429'];
  const again = exchanges.find(
    ({ startedMs, requestBody }) => startedMs > refused.endedMs && requestBody.equals(refused.requestBody),
  );
  if (!again) return ['it did not come back'];
  const waitedMs = again.startedMs - refused.endedMs;
  const toldMs = Number(refused.headers['retry-after']) * 1000;
  return waitedMs >= toldMs - EARLY_MS ? [] : [`came back after ${Math.round(waitedMs)} ms, told to wait ${toldMs}`];
}
