import { afterEach, expect, it } from 'vitest';
import { runCommand } from '#kit/command.ts';
import { type Peer, type PeerModels, startPeer } from './peer.ts';

const NOWHERE: PeerModels = {
  hear: { threads: 1, whisper: 'nowhere' },
  ask: { threads: 1, gguf: 'nowhere', engine: 'no-such-binding' },
  speak: { threads: 1, kokoro: 'nowhere', voice: 'nowhere' },
};
const { code } = await runCommand('python3', ['--version']);
const stop = new AbortController();
let peer: Peer;

function start(python: string): Peer {
  peer = startPeer(python, NOWHERE, stop.signal);
  return peer;
}

afterEach(() => peer.close());

// The script itself needs nothing but Python: what it loads is imported when it is asked for.
it.skipIf(code !== 0)('answers what it can and says what it cannot', async () => {
  const { facts, ready, speak } = start('python3');
  expect(await facts()).toHaveProperty('python');
  await expect(ready('speak')).rejects.toThrow(/The Python peer failed: \w+Error/);
  await expect(speak([[1]])).rejects.toThrow(/The Python peer failed/);
  expect(await facts()).toHaveProperty('python');
});

it.skipIf(code !== 0)('fails what waits when it is closed, and everything after', async () => {
  const { facts, close } = start('python3');
  const waiting = expect(facts()).rejects.toThrow(/ended \(SIGKILL\)/);
  await close();
  await waiting;
  await expect(facts()).rejects.toThrow(/has ended/);
});

it('says when there is no such Python', async () => {
  await expect(start('no-such-python').facts()).rejects.toThrow(/could not be started/);
});
