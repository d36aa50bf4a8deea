import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readConfig } from '../../src/porting/config.ts';
import { BadTree, configOf, readPmuNode } from '../../src/porting/dts.ts';

const TREE = `/dts-v1/;
#include <dt-bindings/clock/some.h>
/ {
  #address-cells = <2>;
  compatible = "acme,board"; /* { a brace in a comment */
  cpus { cpu@0 { compatible = "acme,core", "riscv"; reg = <0>; }; };
  pmu {
    compatible = "riscv,pmu"; // ; and a comment
    riscv,event-to-mhpmevent = <0x00003 0x0 0x1>, <0x00005 0x0 0x2>;
    riscv,event-to-mhpmcounters = <0x00001 0x00001 0x00000001>,
                                  <0x00002 0x00002 0x00000004>,
                                  <0x00003 0x00004 0x00000428>,
                                  <0x10019 0x10019 0x00000008>;
    riscv,raw-event-to-mhpmcounters = <0x0 0x0 0xffffffff 0xffffff00 0x428>;
  };
};
`;

test('the node of a PMU is read among others: its events, and the counters of each', () => {
  const { line, events, raw } = readPmuNode(TREE);
  assert.is(line, 7);
  assert.equal(
    [...events],
    [
      [1, ['cycle']],
      [2, ['instret']],
      [3, ['hpmcounter3', 'hpmcounter5', 'hpmcounter10']],
      [4, ['hpmcounter3', 'hpmcounter5', 'hpmcounter10']],
      [0x10019, ['hpmcounter3']],
    ],
  );
  assert.equal(raw, ['hpmcounter3', 'hpmcounter5', 'hpmcounter10']);
});

test('what is written of it is a description, gaps between counters and all', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'hartproof-dts-'));
  const file = join(directory, 'hartproof.config.ts');
  writeFileSync(file, configOf(readPmuNode(TREE)));
  const { pmu } = await readConfig(file);
  rmSync(directory, { recursive: true });
  assert.is(pmu.numCounters, 10);
  assert.equal(pmu.hwEvents.slice(0, 5), [0, 1, [2, 4, 9], [2, 4, 9], 'EOPNOTSUPP']);
  // 0x10019: a read miss ... of the data TLB is 3 << 3 | 0 << 1 | 1.
  assert.equal(pmu.cacheMap![3 | (1 << 16)], [2]);
  assert.equal(pmu.rawEvents, [2, 4, 9]);
  assert.is(pmu.cacheEvents, 'EOPNOTSUPP');
});

const MALFORMED: readonly [what: string, from: string, to: string, line: number, says: RegExp][] = [
  ['no such node', '"riscv,pmu"', '"riscv,other"', 1, /there is no node/],
  ['two of them', '  cpus {', '  other { compatible = "riscv,pmu"; };\n  cpus {', 8, /another node.*line 6/],
  ['cells that are no rows', '0x00000428>,', '0x00000428 7>,', 10, /13 cells are no rows of 3/],
  ['an expression', '0x00000428', '(1 << 3)', 12, /"\(1" is no number|a < too much/],
  ['an empty mask', '0x00000428', '0x0', 10, /mask of counters is empty/],
  ['a counter of time', '0x00000428', '0x2', 10, /bit 1, which is time/],
  ['an empty range', '<0x00003 0x00004', '<0x00004 0x00003', 10, /0x4 to 0x3 is empty/],
  ['an event twice', '<0x00003 0x00004', '<0x00002 0x00004', 10, /event 0x2 is there twice/],
  ['a node that is not closed', '  };\n};\n', '  };\n', 3, /not closed/],
  ['too many ends', '  };\n};\n', '  };\n};\n};\n', 17, /closes no node/],
  ['a value without an end', '0x428>;\n  };\n};\n', '0x428>', 14, /no ; after its value/],
  ['a number of more than 32 bits', '0x00000428', '0x100000428', 12, /no number of 32 bits/],
];

for (const [what, from, to, line, says] of MALFORMED)
  test(`a tree that is malformed is refused with the line: ${what}`, () => {
    assert.ok(TREE.includes(from));
    assert.throws(
      () => readPmuNode(TREE.replace(from, to)),
      (error: unknown) => error instanceof BadTree && error.line === line && says.test(error.message),
    );
  });

test.run();
