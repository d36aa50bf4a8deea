import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { check } from '../src/engine/check/index.ts';
import { murphiOfTables } from '../src/export/murphi.ts';
import { childrenCpu } from './cpu.ts';
import { subjects } from './systems.ts';

const run = promisify(execFile);

/** Measures Rumur on one subject, as `spin.ts` measures SPIN: without properties, from its generation to its end. */
const [name = '', threads = '1', seconds] = process.argv.slice(2);
/** The time that Rumur has for each system. */
const limit = Number(seconds);
try {
  const texts = new Set<string>();
  const sum = { states: 0, transitions: 0, bytes: 0, milliseconds: 0, wall: 0, peak: 0 };
  for (const { system } of subjects(name)) {
    const { states } = (await check(system, [], { reduce: false })).covered;
    const text = murphiOfTables(system, []);
    if (texts.has(text)) continue;
    texts.add(text);
    const cwd = await mkdtemp(join(tmpdir(), 'hartproof-rumur-'));
    try {
      await writeFile(join(cwd, 'model.m'), text);
      const started = performance.now();
      const where = { cwd, maxBuffer: 1 << 24, signal: AbortSignal.timeout(limit * 1000) };
      const how = ['--deadlock-detection', 'off', '--threads', threads];
      await run('rumur', [...how, '-o', 'model.c', 'model.m'], where);
      await run(process.env.CC ?? 'cc', ['-O3', '-mcx16', '-o', 'model', 'model.c', '-lpthread'], where);
      const compiled = performance.now();
      const { stdout } = await run('./model', [], where);
      const ended = performance.now();
      const [, found = '', fired = ''] = /^\s*(\d+) states, (\d+) rules fired/m.exec(stdout) ?? [];
      if (Number(found) !== states) throw new Error(`it finds ${found} states, and we ${states}`);
      sum.states += Number(found);
      sum.transitions += Number(fired);
      sum.milliseconds += ended - compiled;
      sum.wall += ended - started;
    } finally {
      await rm(cwd, { recursive: true, force: true });
    }
  }
  process.stdout.write(JSON.stringify({ ...sum, cpu: childrenCpu() }));
} catch (error) {
  const { name, message } = error as Error;
  const failed = name === 'AbortError' ? `did not end in ${limit} s` : message.split('\n')[0];
  process.stdout.write(JSON.stringify({ failed }));
}
