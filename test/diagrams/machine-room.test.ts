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

test('each cell is in the frame of its owner, and none on another', () => {
  const many = new Map(
    ['', 'hart 0 ', 'event 0 '].flatMap((owner) =>
      Array.from({ length: 7 }, (_, index) => [`${owner}value ${index}`, '0'] as const),
    ),
  );
  const rects = [...machineRoom(many).matchAll(/<rect x="(\d+)" y="(\d+)" width="(\d+)" height="(\d+)"/g)].map(
    (found) => {
      const [x, y, width, height] = found.slice(1).map(Number) as [number, number, number, number];
      return { x, y, right: x + width, bottom: y + height };
    },
  );
  const [frames, cells] = [rects.slice(0, 3), rects.slice(3)];
  assert.is(cells.length, 21);
  for (const cell of cells) {
    const around = frames.filter(({ y, bottom }) => cell.y > y && cell.bottom < bottom);
    assert.ok(around.length === 1 && cell.x > around[0]!.x && cell.right < around[0]!.right);
    assert.is(cells.filter(({ x, right, y }) => y === cell.y && x < cell.right && right > cell.x).length, 1);
  }
});

test.run();
