import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { needsShared, shared } from '../needs.ts';
import { recorded, reportOf as reportOfCallbacks } from './excerpt.ts';
import { reportOf } from './recorded-text.ts';
import { hitsOf, timeOf, WRITERS } from './recorders.ts';
import { timedTrace } from './timed.ts';

const test = suite('traces of booted kernels, as a recorder with less to see would have printed them');

const addressOf = (id: number) => `0xffffffe0${(0x100_0000 + id * 0x480).toString(16).padStart(8, '0')}`;

for (const file of ['v4.19.71-seed-hart-offset.jsonl', 'v4.19.71-seed-icount-1hart.jsonl'])
  for (const returns of [true, false])
    test(`${file}, ${returns ? 'with' : 'without'} values at the returns`, () => {
      if (!needsShared(`kernel-traces/${file}`)) return;
      const rows = readFileSync(shared(`kernel-traces/${file}`), 'utf8')
        .trimEnd()
        .split('\n');
      const lines = recorded(file);
      const calls = timedTrace(
        lines,
        rows.map((row) => JSON.parse(row).t),
      );
      const hits = hitsOf(calls, addressOf, returns);
      const report = reportOf(WRITERS.bpftrace(hits));
      assert.ok(report.accepted);
      // The hits follow a line of bpftrace itself.
      const entries = new Map(hits.map((hit, index) => [timeOf(hit), index + 2]));
      const lineOf = new Map(calls.map((call) => [entries.get(call.entered)!, call.line]));
      const exact = reportOfCallbacks(file);
      const places = (found: readonly { property: string; line: number }[], property?: string) =>
        found.filter((one) => property === undefined || one.property === property).map(({ line }) => line);
      const [segment] = report.segments;
      for (const property of new Set(exact.broken.map((one) => one.property))) {
        const known = places(exact.broken, property);
        const found = places(segment!.broken, property).map((line) => lineOf.get(line)!);
        if (property !== 'count-exact') assert.equal(found, known, property);
        else {
          // What is said is so, and what is not said is said to be open.
          const open = places(segment!.undecided).map((line) => lineOf.get(line)!);
          assert.ok(found.length > 0);
          for (const line of found) assert.ok(known.includes(line), `line ${line}`);
          for (const line of known) assert.ok(found.includes(line) || open.includes(line), `line ${line}`);
        }
      }
    });

test.run();
