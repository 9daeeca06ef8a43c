import { Agent, createServer, request } from 'node:http';

// The least a gateway can do in Node: pass bytes through with node:http on both sides, connections kept open.

const [port, upstreamPort] = process.argv.slice(2).map(Number);
const agent = new Agent({ keepAlive: true });

createServer((incoming, outgoing) => {
  const { url: path, method, headers } = incoming;
  const upstream = request({ agent, host: '127.0.0.1', port: upstreamPort, path, method, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  upstream.on('error', () => {
    if (outgoing.headersSent) outgoing.destroy();
    else outgoing.writeHead(502).end();
  });
  outgoing.on('close', () => {
    if (!outgoing.writableFinished) upstream.destroy();
  });
  incoming.pipe(upstream);
}).listen(port, '127.0.0.1');

process.on('disconnect', () => process.exit());
