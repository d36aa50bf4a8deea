import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { isFilled, machineRoom, shownIn } from '../../src/diagrams/machine-room.ts';

const VALUES = new Map([
  ['event 0 idx', '0'],
  ['hart 0 events[]', '[event 0, -]'],
  ['hart 0 cycle', '3'],
  ['mutex', 'held by the task of event 0'],
  ['evil', '<script>'],
]);

test('each observation has a cell, a list one for each entry, in the frame of its owner', () => {
  const svg = machineRoom(VALUES);
  assert.is(svg.match(/data-of="hart 0 events\[\]"/g)!.length, 2);
  assert.match(svg, /<text [^>]*class="room-label">events\[1\]<\/text>/);
  const order = ['what all share', '>hart 0<', '>event 0<'].map((title) => svg.indexOf(title));
  assert.equal(
    order,
    order.toSorted((a, b) => a - b),
  );
  assert.not.match(svg, /<script>/);
});

test('what is there is filled, what changed stands out, and nothing moves for it', () => {
  const places = (svg: string): string[] =>
    svg.match(/<rect [^>]*>/g)!.map((rect) => rect.replace(/class="[^"]*"/, ''));
  const [before, after] = [
    machineRoom(VALUES),
    machineRoom(new Map([...VALUES, ['mutex', 'free']]), new Set(['mutex'])),
  ];
  assert.match(before, /class="room-cell filled" data-of="mutex"/);
  assert.match(after, /class="room-cell differs" data-of="mutex"/);
  assert.equal(places(after), places(before));
  assert.is(shownIn('[event 0, -]', 1), '-');
  assert.is(shownIn('free', undefined), 'free');
  assert.ok(isFilled('event 0') && !isFilled('-'));
});

test.run();
