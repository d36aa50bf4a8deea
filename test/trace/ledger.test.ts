import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type CallbackLine,
  checkTrace,
  type Snapshot,
  type TraceLine,
  type TraceReport,
} from '../../src/trace/index.ts';
import { needsShared } from '../needs.ts';
import { excerpt, linesOf, recorded, reportOf } from './excerpt.ts';

/**
 * By how much each count is too large after each update, from the lines alone and without any machine: an event that was started
 * at one value of its counter and read at another ran for the difference.
 */
function tooMany(lines: readonly TraceLine[]): Map<number, bigint> {
  const errors = new Map<number, bigint>();
  const runs = new Map<number, { since: bigint; ran: bigint; count: bigint }>();
  for (const line of lines) {
    if (line.cb === 'mark') continue;
    const { id, cb, ret = 0 }: CallbackLine = line;
    const [before, after] = [line.before as Snapshot, line.after as Snapshot];
    const run = runs.get(id) ?? { since: 0n, ran: 0n, count: 0n };
    runs.set(id, run);
    // The core has set the count itself: what was wrong with it is gone.
    if (BigInt(before.count) !== run.count) run.ran = BigInt(before.count);
    run.count = BigInt(after.count);
    if ((cb === 'add' || cb === 'start') && ret === 0)
      run.since = before.prev === after.prev ? BigInt(before.csr) : BigInt(after.prev);
    if (cb === 'read' || cb === 'stop' || cb === 'del') {
      run.ran += BigInt(after.prev) - run.since;
      run.since = BigInt(after.prev);
      if (run.count !== run.ran) errors.set(line.line, run.count - run.ran);
    }
  }
  return errors;
}

function holdsAgainst(lines: readonly TraceLine[], { broken, accepted }: TraceReport): void {
  assert.ok(accepted);
  const found = broken.filter(({ property }) => property === 'count-exact');
  assert.equal(new Map(found.map(({ line, ticks }) => [line, BigInt(ticks!)])), tooMany(lines));
}

test('every count that is not exact, and by how many ticks', () => {
  const lines = linesOf(excerpt());
  holdsAgainst(lines, checkTrace(lines));
});

for (const file of ['v4.19.71-seed-icount-1hart.jsonl', 'v4.19.71-seed.jsonl'])
  test(`the same of ${file}`, () => {
    if (needsShared(`kernel-traces/${file}`)) holdsAgainst(recorded(file), reportOf(file));
  });

test("what the core itself wrote into a count is nobody's error", () => {
  const rows = excerpt();
  // RESET after line 23, when event 13 had 27150 too many (see line 20): its count is exact from then on.
  const [, , del, destroy] = [20, 23, 26, 27].map((line) => rows[line - 1]);
  for (const seen of [del.before, del.after, destroy.before, destroy.after]) seen.count -= 4892368;
  const lines = linesOf(rows);
  const report = checkTrace(lines);
  holdsAgainst(lines, report);
  assert.not(report.broken.some(({ property, line }) => property === 'count-exact' && line === 26));
});

test.run();
