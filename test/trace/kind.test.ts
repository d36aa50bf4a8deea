import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ATTRIBUTES, type Attribute, attributeKind } from '../../src/facts/index.ts';
import { asksOf, kindOf } from '../../src/trace/kind.ts';

const plain = { sampling: false, modifier: false };

test('each kind of the vocabulary is found again', () => {
  for (const attribute of Object.keys(ATTRIBUTES) as Attribute[]) {
    const { type, config, sampling = false, modifier = false } = attributeKind(attribute);
    assert.is(kindOf(type, config, { sampling, modifier }, []), attribute);
  }
});

test('hardware events lie in the map, in the ABI, or in neither', () => {
  const kinds = (...configs: (number | string)[]) => new Set(configs.map((config) => kindOf(0, config, plain, [])));
  assert.equal(kinds(2, 3, 4, 5, 6), new Set(['cache-misses']));
  assert.equal(kinds(7, 8, 9), new Set(['stalled-cycles']));
  assert.equal(kinds(10, 2 ** 32, '9223372036854775808', '18446744073709551615'), new Set(['invalid-config']));
});

test('a software event that no PMU knows is like a type that no PMU knows', () => {
  assert.is(kindOf(1, 10, plain, []), 'software');
  assert.is(kindOf(1, 99, plain, []), 'unknown-type');
});

test('the note of an open tells what its callback does not', () => {
  const asks = (label: string) =>
    asksOf(`> perf_event_open ${label} type=0 config=0 disabled=1 pid=0 cpu=-1 group_fd=-1`);
  assert.equal(asks('cycles'), plain);
  assert.equal(asks('cycles freq 1000'), { sampling: true, modifier: false });
  assert.equal(asks('cycles period 100000'), { sampling: true, modifier: false });
  assert.equal(asks('HW cycles exclude_kernel'), { sampling: false, modifier: true });
  assert.equal(asks('HW cycles precise_ip 2'), { sampling: false, modifier: true });
});

test.run();
