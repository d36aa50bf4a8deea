import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Served } from './files.ts';

/** Nobody but this machine. */
const LOOPBACK = '127.0.0.1';

/**
 * What the page may do, whatever a log makes of it: load from here, and nowhere else. Graphviz is WebAssembly; the machines that
 * it draws have their styles in them.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The worker that searches: it has no page to show anything in, and compiles its loops for the width of a state. */
const SEARCHER = 'search-worker.js';
const policyOf = (name: string): string =>
  name === SEARCHER ? POLICY.replace("'wasm-unsafe-eval'", "'wasm-unsafe-eval' 'unsafe-eval'") : POLICY;

/** The page, being served. */
export interface Serving {
  /** Ends with a slash. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves files by name on the loopback address; `index.html` is the page itself.
 * Rejects with the error of the system if the port (0: any that is free) cannot be had.
 */
export async function serve(files: ReadonlyMap<string, Served>, port: number): Promise<Serving> {
  const server = createServer((request, response) => answer(files, request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, LOOPBACK, resolve);
  });
  return { url: `http://${LOOPBACK}:${portOf(server)}/`, close: () => close(server) };
}

function answer(files: ReadonlyMap<string, Served>, request: IncomingMessage, response: ServerResponse): void {
  const refuse = (status: number, why: string): void => {
    response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${why}\n`);
  };
  // Another site's page can point its own name at this address: then the name is not ours.
  if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(request.headers.host ?? '')) return void refuse(403, 'not from here');
  if (request.method !== 'GET' && request.method !== 'HEAD') return void refuse(405, 'only GET');
  const name = (request.url ?? '/').split('?')[0]!.slice(1);
  const file = files.get(name === '' ? 'index.html' : name);
  if (file === undefined) return void refuse(404, 'there is no such file');
  response.writeHead(200, {
    'content-type': file.type,
    'content-length': Buffer.byteLength(file.body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'content-security-policy': policyOf(name),
  });
  response.end(request.method === 'HEAD' ? undefined : file.body);
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
