import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MediaKind } from '#contract/media.ts';
import { film, onePage, redSquare, tone } from '#pipeline/tiny-media.ts';
import { CELLS, type Cell, titleOf } from './cells.ts';
import { partsAt, reportOf, type Servers, startServers } from './open.ts';

const samples: Partial<Record<MediaKind, Uint8Array>> = { image: redSquare(), audio: tone(4), document: onePage() };

/** Requests as a cell names them. */
function requestsTo(servers: Servers, { endpoint }: Cell): { bytes: Buffer }[] {
  const wanted = endpoint.endsWith('*') ? endpoint.slice(0, -1) : endpoint;
  return [...servers.running.values()].flatMap(({ seen }) =>
    seen.filter(({ method, path }) => {
      const called = `${method} ${path}`;
      return endpoint.endsWith('*') ? called.startsWith(wanted) : called === wanted;
    }),
  );
}

/** What the user says of a model in the configuration. */
function withFacts(providers: Servers['providers'], { model, facts }: Cell): Servers['providers'] {
  if (!facts) return providers;
  const [, name = '', own = ''] = /^([^:]+):(.+)$/.exec(model) ?? [];
  return { ...providers, [name]: { ...providers[name], models: { [own]: facts } } };
}

describe('families', () => {
  const open = new Map<string, Servers>();
  beforeAll(async () => {
    const made = await film(new AbortController().signal);
    if (!made) throw new Error('These tests need ffmpeg; it comes with npm ci.');
    samples.video = made;
  }, 60_000);
  afterAll(async () => {
    for (const servers of open.values()) await servers.close();
  });

  async function serversFor({ servers }: Cell): Promise<Servers> {
    const key = servers.join();
    const known = open.get(key) ?? (await startServers(servers));
    open.set(key, known);
    return known;
  }

  it.each(CELLS.map((cell) => [titleOf(cell), cell] as const))('%s', async (_title, cell) => {
    const servers = await serversFor(cell);
    for (const server of servers.running.values()) {
      server.seen.splice(0);
      server.faults.splice(0);
    }
    const kind = cell.what.endsWith(' in') ? (cell.what.slice(0, -3) as MediaKind) : null;
    const bytes = kind ? samples[kind] : undefined;
    const { report, soundMs } = await reportOf(
      {
        question: '这是什么？请用一句话回答。',
        media: bytes ? [{ kind: 'bytes', bytes, name: `tiny ${kind}` }] : [],
        model: cell.model,
        voice: cell.voice ?? null,
      },
      partsAt(withFacts(servers.providers, cell), cell.hearWith ?? 'none'),
    );
    for (const { faults } of servers.running.values()) expect(faults).toEqual([]);
    expect(report.answer.text).not.toBe('');
    const [step] = report.plan;
    if (kind) {
      expect(step).toMatchObject({
        route: cell.route === 'frames' ? 'native' : cell.route,
        form: cell.route === 'text' ? null : cell.route === 'frames' ? 'frames' : 'whole',
      });
      expect(step?.explanation.zh).toMatch(/。$/);
    }
    if (cell.voice) expect(soundMs).toBeGreaterThan(50);
    if (cell.endpoint.startsWith('POST')) expect(requestsTo(servers, cell).length).toBeGreaterThan(0);
    // What goes natively is in the request, to the byte; what goes as text is not.
    const handed = bytes && Buffer.from(bytes).toString('base64').slice(0, 200);
    if (handed && kind && cell.route === 'native' && cell.family !== 'Video-LLaMA') {
      expect(requestsTo(servers, cell).some((request) => request.bytes.includes(handed))).toBe(true);
    }
    if (handed && cell.route === 'text') {
      expect(report.perceptions).toMatchObject([{ kind: 'transcript', engine: cell.hearWith }]);
      expect(report.perceptions[0]?.text).not.toBe('');
    }
    if (cell.route === 'frames') {
      expect(report.ledger.losses.map(({ kind: lost }) => lost)).toContain('frames-sampled');
      expect(step?.beside?.engine).toBe(cell.hearWith);
    }
  });
});
