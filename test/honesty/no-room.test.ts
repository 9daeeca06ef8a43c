import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Fate } from '#contract/fate.ts';
import { startFakeServer } from '../reliability/fake-server.ts';
import { base64Of } from './samples.ts';
import { SECRETS } from './secrets.ts';

it('names every medium, and no path, where no temporary file can be made', async () => {
  const before = process.env.TMPDIR;
  const noFolder = join(tmpdir(), `${SECRETS.folder}-${process.pid}`);
  writeFileSync(noFolder, '');
  const server = await startFakeServer();
  const media = [1, 2].map((number) => ({ type: 'input_audio', input_audio: { data: base64Of('voice', number) } }));
  const body = JSON.stringify({ messages: [{ role: 'user', content: media }] });
  try {
    process.env.TMPDIR = noFolder;
    const headers = { 'content-type': 'application/json' };
    const reply = await fetch(`${server.url}/v1/chat/completions`, { method: 'POST', headers, body });
    const text = await reply.text();
    expect(reply.status).toBe(500);
    expect(text).not.toContain(SECRETS.folder);
    const { parts } = JSON.parse(text).error.sensorium as { parts: Fate[] };
    expect(parts.map(({ part, fate }) => `${part} ${fate}`)).toEqual(['part-1 not-reached', 'part-2 not-reached']);
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    rmSync(noFolder);
    await server.close();
  }
});
