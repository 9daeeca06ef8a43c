import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DONE, delta, sse, usage } from '../../src/ask/dialects/openai/__fixtures__/streams.ts';
import { moment } from './fake-server.ts';

/** A model behind OpenAI's API that writes one word and goes on when told. */
export interface SlowModel {
  readonly url: string;
  /** The first word is out. */
  readonly begun: Promise<void>;
  /** Whoever asked has gone. */
  readonly left: Promise<void>;
  finish(): void;
  close(): void;
}

export async function startSlowModel(): Promise<SlowModel> {
  const begun = moment();
  const left = moment();
  const open = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(sse([delta('Well')]), begun.reach);
    open.add(response);
    response.once('close', () => {
      open.delete(response);
      left.reach();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    begun: begun.reached,
    left: left.reached,
    finish() {
      for (const response of open) response.end(sse([delta(' then.'), delta(null, 'stop'), usage(2)]) + DONE);
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
