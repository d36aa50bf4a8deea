import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { BrokenLine, type CallbackLine, parseTrace } from '../../src/trace/index.ts';
import { excerpt, type Row } from './excerpt.ts';

const rows = excerpt();
const text = (value: unknown): string => JSON.stringify(value);

/** The error at which a trace cannot be read. */
function broken(trace: string): BrokenLine {
  try {
    parseTrace(trace);
  } catch (error) {
    if (error instanceof BrokenLine) return error;
    throw error;
  }
  throw new Error('it can be read');
}

function without(row: Row, field: string): string {
  const { [field]: _, ...others } = row;
  return text(others);
}

test('a number of 64 bits keeps every bit', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), (value) => {
      const trace = text({ ...rows[3], config: 'HERE' }).replace('"HERE"', value.toString());
      const line = parseTrace(trace).lines[0] as CallbackLine;
      assert.is(BigInt(line.config), value);
      assert.is(typeof line.config, value <= BigInt(Number.MAX_SAFE_INTEGER) ? 'number' : 'string');
    }),
  );
});

test('one bit more is an error', () => {
  const trace = text({ ...rows[3], config: 'HERE' }).replace('"HERE"', (1n << 64n).toString());
  assert.is(broken(trace).message, 'line 1: config is no number of 64 bits');
});

test('blank lines are left out, and counted', () => {
  const { lines, torn } = parseTrace(`\n${text(rows[0])}\n\n${text(rows[3])}\n`);
  assert.equal(
    lines.map(({ line }) => line),
    [2, 4],
  );
  assert.not(torn);
});

test('a last line that was cut off is left out', () => {
  const { lines, torn } = parseTrace(`${text(rows[0])}\n${text(rows[3]).slice(0, 50)}`);
  assert.is(lines.length, 1);
  assert.ok(torn);
});

test('a line that was cut off is an error when it ends in a line feed, or when another follows', () => {
  const cut = text(rows[3]).slice(0, 50);
  assert.match(broken(`${text(rows[0])}\n${cut}\n`).message, /^line 2: is no JSON/);
  assert.match(broken(`${cut}\n${text(rows[0])}`).message, /^line 1: is no JSON/);
});

test('a last line that is whole JSON is no torn one, and must be right', () => {
  assert.is(broken(`${text(rows[0])}\n[]`).message, 'line 2: it is no JSON object');
});

test('each field that a callback needs is asked for', () => {
  for (const field of [
    'scn',
    'cpu',
    'pid',
    'cb',
    'id',
    'type',
    'config',
    'via',
    'hardirq',
    'irqoff',
    'before',
    'after',
  ])
    assert.is(broken(without(rows[3], field)).message, `line 1: ${field} is missing`);
  for (const field of Object.keys(rows[3].before))
    assert.is(
      broken(text({ ...rows[3], after: JSON.parse(without(rows[3].after, field)) })).message,
      `line 1: after.${field} is missing`,
    );
  const add = rows.find(({ cb }) => cb === 'add');
  assert.is(broken(without(add, 'flags')).message, 'line 1: flags is missing');
  assert.is(broken(without(add, 'ret')).message, 'line 1: ret is missing');
});

test('a field of the wrong kind is an error', () => {
  const wrong = (change: object): string => broken(text({ ...rows[3], ...change })).message;
  assert.is(wrong({ cpu: -1 }), 'line 1: cpu is negative');
  assert.is(wrong({ cpu: 0.5 }), 'line 1: cpu is no whole number');
  assert.is(wrong({ via: 7 }), 'line 1: via is no string');
  assert.is(wrong({ before: 7 }), 'line 1: before is no JSON object');
  assert.is(
    wrong({ before: { ...rows[3].before, slots: [0, -1] } }),
    'line 1: before.slots is no list of whole numbers',
  );
  assert.is(
    wrong({ before: { ...rows[3].before, slots: Array(1025).fill(0) } }),
    'line 1: before.slots has more than 1,024 entries',
  );
  assert.match(wrong({ cb: 'addd' }), /^line 1: cb is addd, and not mark or one of event_init, add/);
});

test.run();
