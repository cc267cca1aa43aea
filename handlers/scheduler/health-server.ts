import { createServer } from 'node:http';
import type { HealthAnswer } from './health';

export interface HealthServer {
  /** The port that it listens on. */
  readonly port: number;
  readonly close: () => void;
}

/** Answers `GET /health`, and nothing else. */
export async function startHealthServer(port: number, answer: () => HealthAnswer): Promise<HealthServer> {
  const server = createServer((request, response) => {
    const isHealth = request.method === 'GET' && request.url?.split('?')[0] === '/health';
    const { status, body } = isHealth ? answer() : { status: 404, body: { problem: 'ask for GET /health' } };
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(`${JSON.stringify(body)}\n`);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, resolve);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
