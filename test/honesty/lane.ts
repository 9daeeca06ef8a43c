import { Writable } from 'node:stream';
import { pino } from 'pino';
import { request } from 'undici';
import { DEFAULTS } from '#config/schema.ts';
import { fatesOf } from '#contract/error.ts';
import type { PipelineEvent } from '#contract/events.ts';
import type { Fate } from '#contract/fate.ts';
import { openPace } from '#kit/pace.ts';
import { tellAnswer } from '#pipeline/answer.ts';
import type { Listener, Sensorium } from '#pipeline/index.ts';
import { buildApp } from '#server/app.ts';
import { spokenAnswers } from '#server/chat/spoken-answers.ts';
import { openRates } from '#server/guard/rates.ts';
import { openAdmission } from '#server/load/admission.ts';
import { openDrain } from '#server/load/drain.ts';
import { openReplays } from '#server/load/idempotency.ts';
import { openMetrics } from '#server/observe/metrics.ts';
import { listVoices } from '#speak/index.ts';
import { keyNamed } from '../../src/server/guard/__fixtures__/keyring.ts';
import { bodyOf, type Case } from './cases.ts';
import { SECRETS } from './secrets.ts';
import { type Handed, partsFor } from './stages.ts';
import type { Upstream } from './upstream.ts';

/** What came of one request. */
export interface Outcome {
  readonly body: Readonly<Record<string, unknown>>;
  readonly status: number;
  readonly payload: string;
  readonly handed: Handed;
  /** The last body that the server behind the model got; `null` when it got none. */
  readonly upstreamBody: Readonly<Record<string, unknown>> | null;
  /** Whether the client had gone before the end. */
  readonly gone: boolean;
  /** How the story ended: with these fates where it failed, `null` where it did not or never began. */
  readonly storyFates: readonly Fate[] | null;
  readonly events: readonly PipelineEvent['kind'][];
  readonly log: string;
}

/** A whole server for one request at a time. */
export interface Lane {
  run(one: Case): Promise<Outcome>;
  close(): Promise<void>;
}

const MOST_PARTS = 12;

/** Opens the real server around the real pipeline, whose stages are the fakes of the case being run. */
export async function openLane(name: string, upstream: Upstream): Promise<Lane> {
  let now: { one: Case; handed: Handed; told: Story; leave: () => void } | null = null;
  const lines: string[] = [];
  const sink = new Writable({
    write(line, _encoding, done) {
      lines.push(String(line));
      done();
    },
  });
  const pace = openPace();
  const admission = openAdmission({ maxRequests: 8, maxBodiesBytes: 2 ** 28 }, pace);
  const sensorium: Partial<Sensorium> = {
    voices: listVoices,
    tell(request, listener, stop) {
      if (!now) throw new Error('No case is being run.');
      const { one, handed, told, leave } = now;
      const parts = partsFor(one, handed, { url: `${upstream.url}/v1`, model: name });
      const happened = (kind: string) => {
        if (one.failure === `gone: ${kind}`) leave();
      };
      return told.follow((overheard) => tellAnswer(request, parts, overheard, stop), listener, happened);
    },
  };
  const key = keyNamed('tester');
  const keyring = { find: (secret: string) => (secret === SECRETS.serverKey ? key : null), required: true };
  const app = await buildApp({
    sensorium: sensorium as Sensorium,
    config: { ...DEFAULTS, server: { ...DEFAULTS.server, maxParts: MOST_PARTS } },
    version: 'test',
    words: () => {},
    log: pino({ level: 'debug' }, sink),
    metrics: openMetrics(admission),
    spoken: spokenAnswers(),
    replays: openReplays(),
    gate: {
      entrance: { keyring, loopback: true, host: '127.0.0.1', corsOrigins: new Set() },
      rates: openRates({ requestsPerMinute: null, requestsPerDay: null, requestsAtOnce: 8 }),
      admission,
      drain: openDrain(),
      pace,
      maxBodyBytes: 2 ** 26,
    },
  });

  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    async run(one) {
      const handed: Handed = { asked: null, spoken: 0 };
      const told = story();
      const leaving = new AbortController();
      now = { one, handed, told, leave: () => leaving.abort() };
      lines.length = 0;
      upstream.bodies.delete(name);
      upstream.behaviours.set(name, one.failure);
      const body = bodyOf(one, upstream.url);
      const reply = await post(`${url}/v1/chat/completions`, body, leaving.signal);
      await told.ended();
      return {
        body,
        status: reply.status,
        payload: reply.payload,
        handed,
        upstreamBody: upstream.bodies.get(name) ?? null,
        gone: leaving.signal.aborted,
        storyFates: told.fates,
        events: told.events,
        log: lines.join(''),
      };
    },
    close() {
      app.server.closeAllConnections();
      return app.close();
    },
  };
}

/** Sends a request and reads all of the answer; one that is left early gives what came before. */
async function post(url: string, body: object, signal: AbortSignal): Promise<{ status: number; payload: string }> {
  let status = 0;
  let payload = '';
  try {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${SECRETS.serverKey}` };
    const reply = await request(url, { method: 'POST', headers, body: JSON.stringify(body), signal });
    status = reply.statusCode;
    for await (const piece of reply.body.setEncoding('utf8')) payload += piece;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return { status, payload };
}

interface Story {
  follow(
    tell: (overheard: Listener) => Promise<void>,
    listener: Listener,
    happened: (kind: string) => void,
  ): Promise<void>;
  ended(): Promise<void>;
  fates: readonly Fate[] | null;
  events: PipelineEvent['kind'][];
}

/** Passes a story on and remembers how it went. */
function story(): Story {
  let over: Promise<void> = Promise.resolve();
  const told: Story = {
    fates: null,
    events: [],
    ended: () => over,
    async follow(tell, listener, happened) {
      let end = () => {};
      over = new Promise((resolve) => {
        end = resolve;
      });
      try {
        happened('at once');
        await tell({
          hear(event) {
            told.events.push(event.kind);
            happened(event.kind);
            listener.hear(event);
          },
          room: () => listener.room(),
        });
      } catch (error) {
        told.fates = fatesOf(error);
        throw error;
      } finally {
        end();
      }
    },
  };
  return told;
}
