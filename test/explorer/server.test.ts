import { type IncomingMessage, request } from 'node:http';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Serving, serve } from '../../src/explorer/server.ts';

const FILES = new Map([
  ['index.html', { type: 'text/html; charset=utf-8', body: '<p>ü</p>' }],
  ['search-worker.js', { type: 'text/javascript', body: 's' }],
  ['main.js', { type: 'text/javascript', body: 'x' }],
]);

const server = suite('server');
let serving: Serving;
server.before(async () => {
  serving = await serve(FILES, 0);
});
server.after(() => serving.close());

/** An answer to a request as it stands: `fetch` would mend paths and refuse to lie about the host. */
function ask(path: string, { method = 'GET', host }: { method?: string; host?: string } = {}) {
  const { port } = new URL(serving.url);
  return new Promise<{ status: number; body: string; headers: IncomingMessage['headers'] }>((resolve, reject) => {
    const headers = host === undefined ? {} : { host };
    request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      response.on('end', () => resolve({ status: response.statusCode!, body, headers: response.headers }));
    })
      .on('error', reject)
      .end();
  });
}

server('hands out its files by name, and nothing else', async () => {
  assert.match(serving.url, /^http:\/\/127\.0\.0\.1:\d+\/$/);
  const page = await ask('/');
  assert.is(page.body, '<p>ü</p>');
  assert.is(page.headers['content-type'], 'text/html; charset=utf-8');
  assert.is((await ask('/main.js?x=1')).body, 'x');
  for (const path of ['/package.json', '/../package.json', '/%2e%2e/package.json', '//etc/passwd', '/main.js/'])
    assert.is((await ask(path)).status, 404, path);
});

server('lets the page load from nowhere else, and run no script in its text', async () => {
  const policy = String((await ask('/')).headers['content-security-policy']);
  assert.match(policy, /default-src 'none'/);
  assert.match(policy, /script-src 'self' 'wasm-unsafe-eval'(;|$)/);
  assert.not.match(policy, /https?:|\*|'unsafe-eval'|script-src[^;]*'unsafe-inline'/);
});

server('lets only the worker that searches compile its loops', async () => {
  for (const [path, may] of [
    ['/search-worker.js', true],
    ['/main.js', false],
  ] as const)
    assert.is(/'unsafe-eval'/.test(String((await ask(path)).headers['content-security-policy'])), may, path);
});

server('only reads', async () => {
  assert.is((await ask('/', { method: 'POST' })).status, 405);
  const head = await ask('/', { method: 'HEAD' });
  assert.equal([head.status, head.body, head.headers['content-length']], [200, '', '9']);
});

server('answers to nobody who calls it by another name', async () => {
  assert.is((await ask('/', { host: 'evil.example' })).status, 403);
  assert.is((await ask('/', { host: '127.0.0.1.evil.example' })).status, 403);
  assert.is((await ask('/', { host: 'localhost:1' })).status, 200);
});

server('says when the port is taken', async () => {
  const port = Number(new URL(serving.url).port);
  const error = await serve(FILES, port).then(
    () => undefined,
    (reason: NodeJS.ErrnoException) => reason,
  );
  assert.is(error?.code, 'EADDRINUSE');
});

server.run();
