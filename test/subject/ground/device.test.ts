import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createActor } from 'xstate';
import { type Device, type DeviceFact, defineDevice, SHARED } from '../../../machines/hardware/index.ts';
import { BUSES } from '../../../machines/hardware/layout.ts';
import { type Cells, Registers } from '../../../machines/hardware/registers.ts';
import { counterBank, DEVICES } from '../../../models/devices/index.ts';
import { buildOnGround, type GroundBuild } from '../../../src/subject/ground/build.ts';
import { GroundMachine, type Happening } from '../../../src/subject/ground/machine.ts';
import { TINY } from './tiny.ts';
import { linuxTree } from './tree.ts';

const tree = linuxTree();

const bank = defineDevice({
  ...{ name: 'bank', about: 'what others extend', fits: [] },
  ...counterBank({ counters: 5, bits: 40 }),
});

const SNAPSHOTS = BUSES.indexOf('firmware') * 2 ** 40 + SHARED * 8;

/** What is done to both: a command of the process of the C. */
type Access =
  | { readonly kind: 'read'; readonly hart: number; readonly place: number; readonly width: number }
  | {
      readonly kind: 'write';
      readonly hart: number;
      readonly place: number;
      readonly width: number;
      readonly value: bigint;
    }
  | { readonly kind: 'ecall'; readonly hart: number; readonly call: number; readonly given: readonly bigint[] }
  | { readonly kind: 'tick'; readonly ticks: bigint };

const signed = (value: bigint): bigint => BigInt.asIntN(64, value);
const parts = (place: number): readonly [bus: number, address: number] => [
  Math.floor(place / 2 ** 40),
  place % 2 ** 40,
];

const commandOf = (access: Access): string => {
  switch (access.kind) {
    case 'read':
      return `i${access.hart},${parts(access.place)},${access.width}`;
    case 'write':
      return `j${access.hart},${parts(access.place)},${access.width},${signed(access.value)}`;
    case 'ecall':
      return `e${access.hart},${access.call},${access.given.map(signed)}`;
    case 'tick':
      return `k${signed(access.ticks)}`;
  }
};

/** What the C says happened, as the machine has it. */
function factOf(access: Access, happenings: readonly Happening[]): DeviceFact {
  if (access.kind === 'tick') return { type: 'tick', ticks: access.ticks };
  const { hart } = access;
  const said = happenings.find(({ type }) => type === access.kind)!;
  if (access.kind === 'ecall')
    return {
      ...{ type: 'ecall', hart, function: access.call, arguments: access.given },
      ...{ error: said.error as number, value: BigInt(`0x${said.value}`) },
    };
  const [bus, address] = parts(access.place);
  return { type: access.kind, hart, bus: BUSES[bus]!, address, width: access.width, value: BigInt(`0x${said.value}`) };
}

/** Values that matter to counters: near nothing, near all, one bit. */
const values = fc.oneof(
  fc.bigInt({ min: 0n, max: 9n }),
  fc.nat({ max: 63 }).map((n) => 1n << BigInt(n)),
  fc.bigInt({ min: (1n << 64n) - 9n, max: (1n << 64n) - 1n }),
  fc.constantFrom((1n << 32n) - 1n, (1n << 31n) - 1n, (1n << 48n) - 3n, (1n << 40n) - 1n),
);

function accesses({ layout }: Device): fc.Arbitrary<Access[]> {
  const hart = fc.nat({ max: layout.device.perHart ? 1 : 0 });
  const places = layout.words.map((word) => word.place);
  const place = fc.constantFrom(...places);
  // Where its snapshots go, firmware alone writes, and only what it was given and found to be memory.
  const written = fc.constantFrom(...places.filter((one) => Math.abs(one - SNAPSHOTS) > 4));
  const width = fc.constantFrom(4, 4, 8, 1, 2);
  const ticks = fc.oneof(
    fc.bigInt({ min: 1n, max: 200n }),
    values.filter((value) => value > 0n),
  );
  const number = fc.constantFrom(0n, 1n, 2n, 3n, 5n, 7n, 8n, 9n, 64n);
  const events = fc.constantFrom(1n, 2n, 5n, 11n, 0x10009n, 0x20000n, 0xf0000n, 0xf0015n, 0xf0016n, 0xfffffn);
  const given = fc.oneof(
    fc.tuple(number, fc.constant(1n), fc.nat({ max: 7 }).map(BigInt), events),
    fc.tuple(
      fc.constant(0n),
      fc.constantFrom(0x1fdn, 0x180n, 0x78n, 0x7fn, 5n),
      fc.nat({ max: 7 }).map(BigInt),
      events,
    ),
    fc.tuple(number, values, fc.nat({ max: 1 }).map(BigInt), values),
  );
  // What lets a counter count, and puts it where it soon comes round: else most runs would never count.
  const armed = fc
    .record({ hart, counter: fc.constantFrom(...layout.counters), near: fc.bigInt({ min: 1n, max: 250n }), ticks })
    .map(({ hart, counter, near, ticks }): Access[] => {
      const write = (at: number, value: bigint): Access => ({ kind: 'write', hart, place: at, width: 4, value });
      const { counts, overflow, value, bits } = counter;
      const needs = [...counts, ...(overflow?.interrupts ?? [])];
      const start = (1n << BigInt(bits)) - near;
      return [
        ...needs.map(({ field, set }) => write(field.place, set ? 0xffffffffn : 0n)),
        write(value.place, start & 0xffffffffn),
        ...(value.bits > 32 ? [write(value.place + 4, start >> 32n)] : []),
        { kind: 'tick', ticks },
        { kind: 'read', hart, place: value.place, width: 8 },
      ];
    });
  const one = fc.array(
    fc.oneof(
      fc.record({ kind: fc.constant('read' as const), hart, place, width }),
      fc.record({ kind: fc.constant('write' as const), hart, place: written, width, value: values }),
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('tick' as const), ticks }) },
      {
        weight: layout.device.calls === undefined ? 0 : 4,
        arbitrary: fc.record({ kind: fc.constant('ecall' as const), hart, call: fc.nat({ max: 6 }), given }),
      },
    ),
    { minLength: 1, maxLength: 12 },
  );
  return fc.array(fc.oneof(one, armed), { minLength: 1, maxLength: 4 }).map((chunks) => chunks.flat());
}

/** Does the same to the C and to the machine, and compares every answer, and what counts afterwards. */
function agree(c: GroundMachine, { layout, machine }: Device, all: readonly Access[]): void {
  const actor = createActor(machine).start();
  let state = c.boot.state!;
  for (const access of all) {
    const done = c.perform(state, commandOf(access))!;
    const fact = factOf(access, done.happenings);
    assert.ok(
      machine.getTransitionData(actor.getSnapshot(), fact).length > 0,
      `the machine does not take ${JSON.stringify(fact, (_, value) => (typeof value === 'bigint' ? `${value}` : value))}`,
    );
    actor.send(fact);
    const registers = new Registers(layout, (actor.getSnapshot().context as { cells: Cells }).cells);
    const counting = registers
      .harts()
      .flatMap((hart) =>
        layout.counters.flatMap(({ number, counts, select }) =>
          registers.holds(hart, counts)
            ? [[hart, number, (select === undefined ? 0n : registers.get(hart, select)).toString(16)]]
            : [],
        ),
      );
    assert.equal(done.view!.counting, counting);
    state = done.state!;
  }
}

if (tree !== undefined) {
  let build: GroundBuild | undefined;
  for (const device of [...DEVICES, bank])
    test(`${device.description.name}: the C and the machine answer every access alike`, async () => {
      build ??= await buildOnGround(TINY, tree);
      const c = new GroundMachine(build, device);
      try {
        fc.assert(
          fc.property(accesses(device), (all) => agree(c, device, all)),
          { numRuns: 150 },
        );
      } finally {
        c.close();
      }
    });

  test('a counter of firmware is given to its own events alone, counts, and is read by a call', async () => {
    const c = new GroundMachine(
      build ?? (await buildOnGround(TINY, tree)),
      DEVICES.find(({ description }) => description.name === 'sbi'),
    );
    try {
      const [match, start, read, info] = [2, 3, 5, 1];
      const hardware = { kind: 'ecall', hart: 0, call: match, given: [0n, 0x180n, 0n, 1n] } as const;
      const own = { ...hardware, given: [0n, 0x1fdn, 0n, 0xf0005n] } as const;
      const all: Access[] = [
        hardware,
        own,
        { kind: 'ecall', hart: 0, call: start, given: [7n, 1n, 1n, 0n] },
        { kind: 'tick', ticks: 30n },
        { kind: 'ecall', hart: 0, call: read, given: [7n, 0n, 0n, 0n] },
        { kind: 'ecall', hart: 0, call: read, given: [3n, 0n, 0n, 0n] },
        { kind: 'ecall', hart: 0, call: info, given: [7n, 0n, 0n, 0n] },
      ];
      let state = c.boot.state!;
      const answers: (readonly [number, bigint])[] = [];
      for (const access of all) {
        const done = c.perform(state, commandOf(access))!;
        const fact = factOf(access, done.happenings);
        if (fact.type === 'ecall') answers.push([fact.error, fact.value]);
        state = done.state!;
      }
      assert.equal(answers, [
        [-2, 0n],
        [0, 7n],
        [0, 0n],
        [0, 30n],
        [-3, 0n],
        [0, (1n << 63n) | (63n << 12n)],
      ]);
    } finally {
      c.close();
    }
  });

  test('a machine of another width is told from the C', async () => {
    const c = new GroundMachine(build ?? (await buildOnGround(TINY, tree)), bank);
    const other = defineDevice({ ...bank.description, ...counterBank({ counters: 5, bits: 33 }) });
    try {
      const property = fc.property(accesses(bank), (all) => agree(c, other, all));
      assert.ok(fc.check(property, { numRuns: 1000 }).failed);
    } finally {
      c.close();
    }
  });
}

test.run();
