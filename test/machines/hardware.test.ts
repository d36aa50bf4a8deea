import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type AnyActor, createActor } from 'xstate';
import { bit, type DeviceFact, defineDevice, set } from '../../machines/hardware/index.ts';
import { counterBank, DEVICES } from '../../models/devices/index.ts';

const describe = (more: object) =>
  defineDevice({
    ...{ name: 'mine', about: 'a device of a test', fits: [], bus: 'mmio', bytes: 4 },
    ...counterBank({ counters: 2, bits: 32 }),
    ...more,
  });

/** Whether the machine of an actor accepts a fact now. `can()` would say no where nothing changes. */
const takes = (actor: AnyActor, fact: DeviceFact): boolean =>
  actor.logic.getTransitionData(actor.getSnapshot(), fact).length > 0;

test('a register that is written one to clear, and one whose ones set bits elsewhere, do so', () => {
  const actor = createActor(describe({}).machine).start();
  const write = (address: number, value: bigint) =>
    actor.send({ type: 'write', hart: 0, bus: 'mmio', address, width: 4, value });
  const answers = (address: number, value: bigint) =>
    takes(actor, { type: 'read', hart: 0, bus: 'mmio', address, width: 4, value });
  write(8, 3n);
  write(0x10, 1n);
  assert.ok(answers(8, 2n));
  assert.not(answers(8, 3n));
});

test('counters count while they may, come round, and say so', () => {
  const actor = createActor(describe({}).machine).start();
  const write = (address: number, value: bigint) =>
    actor.send({ type: 'write', hart: 0, bus: 'mmio', address, width: 4, value });
  const answers = (address: number, value: bigint) =>
    takes(actor, { type: 'read', hart: 0, bus: 'mmio', address, width: 4, value });
  write(0x200, 0xfffffffen);
  write(8, 1n);
  actor.send({ type: 'tick', ticks: 5n });
  assert.ok(answers(0x200, 0xfffffffen), 'not all are enabled yet');
  write(0, 1n);
  actor.send({ type: 'tick', ticks: 5n });
  assert.ok(answers(0x200, 3n));
  assert.ok(answers(0x204, 0n), 'the other one is not enabled');
  assert.ok(answers(0x18, 1n));
  write(0x18, 1n);
  assert.ok(answers(0x18, 0n));
});

const REFUSED: readonly [why: RegExp, more: object][] = [
  [/no register nowhere/, { banks: { b: { count: 1, bits: 8, value: { in: 'nowhere' }, counts: [] } } }],
  [/two registers have address 0x0/, { registers: { a: { at: 0 }, b: { at: 0 } }, banks: {} }],
  [
    /has no bits 31 to 32/,
    {
      registers: { a: { at: 0 } },
      banks: { b: { count: 1, bits: 8, value: { in: 'a' }, counts: [set({ in: 'a', bit: 31, bits: 2 })] } },
    },
  ],
  [
    /has room for 32/,
    { registers: { a: { at: 0 } }, banks: { b: { count: 1, bits: 33, value: { in: 'a' }, counts: [] } } },
  ],
  [
    /has 1 registers, and number 1/,
    { registers: { a: { at: 0, write: { sets: 'b' }, count: 2 }, b: { at: 16 } }, banks: {} },
  ],
  [
    /numbered 0 to 63/,
    {
      registers: { a: { at: 0 } },
      banks: { b: { count: 1, first: 64, bits: 8, value: { in: 'a' }, counts: [set(bit('a', 1))] } },
    },
  ],
];
for (const [why, more] of REFUSED)
  test(`a description that does not fit is refused: ${why.source}`, () => {
    assert.throws(() => describe(more), why);
  });

test('what is written stays, in every register that says nothing else, of every device', () => {
  for (const { layout, machine } of DEVICES) {
    const plain = layout.words.filter(({ write }) => write === 'stays');
    if (plain.length === 0) continue;
    fc.assert(
      fc.property(fc.constantFrom(...plain), fc.nat({ max: 0xffffffff }), ({ place }, value) => {
        const at = {
          hart: 0,
          bus: layout.device.bus,
          address: place % 2 ** 40,
          width: 4,
          value: BigInt(value),
        } as const;
        if (Math.floor(place / 2 ** 40) !== ['mmio', 'csr', 'config', 'sysreg', 'firmware'].indexOf(at.bus)) return;
        const actor = createActor(machine).start();
        actor.send({ type: 'write', ...at });
        assert.ok(takes(actor, { type: 'read', ...at }));
      }),
    );
  }
});

test.run();
