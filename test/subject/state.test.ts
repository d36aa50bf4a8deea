import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { modelOf, propertyOf } from '../../models/index.ts';
import { type Build, SourceAudit } from '../../src/subject/index.ts';
import { commands, Subject, type SubjectMachine } from '../../src/subject/subject.ts';
import { harnessNames } from './harness-names.ts';
import { needsCompiler } from './tiny.ts';
import { tinyWith } from './variants.ts';

/** By verdict, with its reason: the ids of the properties of a model. */
async function verdictsOf(build: Build, name = 'two-of-a-kind'): Promise<Record<string, string[]>> {
  const audit = new SourceAudit(build);
  try {
    const model = modelOf(name);
    const { verdicts } = await audit.decide(model, '4.16', model.properties.map(propertyOf));
    const by: Record<string, string[]> = {};
    for (const [id, verdict] of verdicts) {
      const key = verdict.verdict === 'bounded' ? `bounded: ${verdict.reason}` : verdict.verdict;
      by[key] = [...(by[key] ?? []), id];
    }
    return by;
  } finally {
    audit.close();
  }
}

const all = ({ properties }: { properties: readonly string[] }): string[] => [
  ...properties,
  'no-crash',
  'no-undefined-behaviour',
];
const EVERYTHING = all(modelOf('two-of-a-kind'));
const NARROW: SubjectMachine = {
  ...{ events: 1, harts: 1, wordBits: 4, xlen: 4, counterWidth: 3, intBits: 3 },
  ...{ anyOrder: false, group: 0 },
};

const test = suite('what is state, and what is not');

const WARNS_THE_SECOND_TIME: Readonly<Record<string, Parameters<typeof tinyWith>[0]>> = {
  'a static local': { add: '\tstatic int once;\n\tWARN_ON(once);\n\tonce = 1;' },
  'thread-local data': { add: '\tstatic __thread int once;\n\tWARN_ON(once);\n\tonce = 1;' },
  'what is allocated': {
    globals: 'static int *once;',
    boot: '\tonce = kzalloc(sizeof(*once), GFP_KERNEL);',
    add: '\tWARN_ON(*once);\n\t*once = 1;',
  },
  'what is allocated later': {
    globals: 'static int *once;',
    add: '\tWARN_ON(once);\n\tif (!once)\n\t\tonce = kmalloc(sizeof(*once), GFP_KERNEL);',
  },
};
for (const [what, lines] of Object.entries(WARNS_THE_SECOND_TIME))
  test(`${what} is state`, async () => {
    if (!needsCompiler()) return;
    assert.equal((await verdictsOf(tinyWith(lines))).violated, ['no-warning']);
  });

test('what is allocated and freed again is the same state', async () => {
  if (!needsCompiler()) return;
  const build = tinyWith({
    opened: '\tevent->hw.event_base = (unsigned long)kmalloc(24, GFP_KERNEL);',
    destroy: '\tkfree((void *)event->hw.event_base);',
  });
  assert.equal(await verdictsOf(build), { holds: EVERYTHING });
});

test('what is freed twice is a crash, and a leak is told', async () => {
  if (!needsCompiler()) return;
  const twice = await verdictsOf(tinyWith({ add: '\tvoid *p = kmalloc(8, GFP_KERNEL);\n\tkfree(p);\n\tkfree(p);' }));
  assert.ok(twice.violated?.includes('no-crash'));
  const leak = await verdictsOf(tinyWith({ opened: '\tif (!kmalloc(24, GFP_KERNEL))\n\t\treturn -ENOMEM;' }));
  assert.equal(leak, { 'bounded: the driver allocates ever more memory': EVERYTHING });
});

const NEVER_READ: Readonly<Record<string, Parameters<typeof tinyWith>[0]>> = {
  'a static': { globals: 'static u64 tiny_adds;', add: '\ttiny_adds++;' },
  'a static local': { add: '\tstatic unsigned long adds;\n\tif (flags)\n\t\tadds += 2;' },
  'a field of each hart': { field: '\tu64 adds[2];', add: '\tcpu->adds[idx]++;' },
  'an atomic': { globals: 'static atomic_t tiny_adds;', add: '\tatomic_inc(&tiny_adds);' },
};
for (const [what, lines] of Object.entries(NEVER_READ))
  test(`${what} that is only written is no state`, async () => {
    if (!needsCompiler()) return;
    assert.equal(await verdictsOf(tinyWith(lines)), { holds: EVERYTHING });
  });

const GROWING: readonly (readonly [name: string, lines: Parameters<typeof tinyWith>[0]])[] = [
  ['tiny_gen', { globals: 'static unsigned tiny_gen;', add: '\tif (++tiny_gen == 0)\n\t\treturn -EAGAIN;' }],
  [
    'tiny_cpu.sum',
    { field: '\tu64 sum;', add: '\tcpu->sum += 3;\n\tif (cpu->sum == 1ULL << 60)\n\t\treturn -EAGAIN;' },
  ],
  ['n_events', { del: '\tthis_cpu_ptr(&tiny_cpu)->n_events++;' }],
];
for (const [name, lines] of GROWING)
  test(`${name} only grows: the search ends, says so, and tells what is broken`, async () => {
    if (!needsCompiler()) return;
    const { violated = [], ...rest } = await verdictsOf(tinyWith(lines));
    assert.equal(violated, name === 'n_events' ? ['slots-match-count'] : []);
    assert.is(Object.keys(rest).length, 1);
    assert.match(Object.keys(rest)[0]!, new RegExp(`^bounded: ${name} takes ever new values`));
  });

for (const type of ['int', 'unsigned', 'u8', 's16'])
  test(`a count of type ${type} is as wide as the scope says`, () => {
    if (!needsCompiler()) return;
    const lines = { globals: `static ${type} tiny_gen;`, add: '\tif (++tiny_gen == 100)\n\t\treturn -EAGAIN;' };
    const subject = new Subject(tinyWith(lines), NARROW);
    let { state } = subject.boot;
    const perform = (command: string): void => {
      const result = subject.perform(state, command);
      if (result.kind === 'done') ({ state } = result);
    };
    perform(commands.open(0, 'cycles', 0, true));
    for (let step = 0; step < 6; step++) perform(commands.step(0));
    const states: number[] = [];
    for (let time = 0; time < 9; time++) {
      perform(commands.run(0, 'add', 0, 1, 0, 0));
      perform(commands.run(0, 'del', 0, 0, 0, 0));
      states.push(state);
    }
    subject.close();
    assert.is(new Set(states).size, 8);
    assert.is(states[8], states[0]);
  });

/** What comes round: over the counters of a hart, or because it is less than an int. */
const ROUND: Readonly<Record<string, Parameters<typeof tinyWith>[0]>> = {
  'what goes round 31 slots': {
    globals: 'static unsigned tiny_next;',
    add: '\ttiny_next = (tiny_next + 1) % 31;\n\tif (tiny_next == 99)\n\t\treturn -EAGAIN;',
  },
  'a byte that only grows': {
    globals: 'static u8 tiny_next;',
    add: '\tif (++tiny_next == 0)\n\t\ttiny_next = 1;',
  },
};
for (const [what, lines] of Object.entries(ROUND))
  test(`${what} comes round: the search is decided`, async () => {
    if (!needsCompiler()) return;
    assert.equal(await verdictsOf(tinyWith(lines), 'instructions'), { holds: all(modelOf('instructions')) });
  });

test('a driver in two files is one driver, and its constructor is refused as that of one file is', () => {
  if (!needsCompiler()) return;
  const whole = tinyWith({ globals: 'int tiny_beside(void);', add: '\tif (tiny_beside())\n\t\treturn -EAGAIN;' }, {}, [
    { path: 'beside.c', text: 'int tiny_beside(void);\nint tiny_beside(void)\n{\n\treturn 0;\n}\n' },
  ]);
  const subject = new Subject(whole, NARROW);
  subject.close();
  const early =
    '__attribute__((constructor)) void early(void);\nvoid early(void)\n{\n}\nint tiny_beside(void)\n{\n\treturn 0;\n}\n';
  const built = tinyWith({ globals: 'int tiny_beside(void);', add: '\tif (tiny_beside())\n\t\treturn -EAGAIN;' }, {}, [
    { path: 'beside.c', text: `int tiny_beside(void);\n${early}` },
  ]);
  assert.throws(() => new Subject(built, NARROW), /a constructor or a destructor/);
});

/** What the C library keeps for itself is in no snapshot: a driver calls the kernel. */
const OF_THE_LIBRARY: Readonly<Record<string, readonly [declared: string, use: string]>> = {
  rand: ['int rand(void);', 'rand()'],
  // The compiler knows its declaration, as it knows malloc.
  strtok: ['', 'strtok(NULL, ",") != NULL'],
  __errno_location: ['int *__errno_location(void);', '*__errno_location()'],
  qsort: ['void qsort(void *, size_t, size_t, int (*)(const void *, const void *));', '(qsort(NULL, 0, 0, NULL), 0)'],
  puts: ['int puts(const char *);', 'puts("") < 0'],
  stdout: ['extern void *stdout;', 'stdout == NULL'],
  environ: ['extern char **environ;', 'environ == NULL'],
  malloc: ['', '__builtin_malloc(8) == NULL'],
  dlsym: ['void *dlsym(void *, const char *);', 'dlsym(NULL, "rand") == NULL'],
};
for (const [name, [declared, use]] of Object.entries(OF_THE_LIBRARY))
  test(`${name} of the C library is refused by name`, () => {
    if (!needsCompiler()) return;
    const boot = () => new Subject(tinyWith({ globals: declared, add: `\tif (${use})\n\t\treturn -EAGAIN;` }), NARROW);
    assert.throws(boot, new RegExp(`uses what neither it nor the shim has: ${name}\\b`));
    // What is not declared does not compile.
    if (declared !== '') assert.throws(() => tinyWith({ add: `\tif (${use})\n\t\treturn -EAGAIN;` }), name);
  });

test('more facts than are kept are told, and those of a loop without end are a hang', async () => {
  if (!needsCompiler()) return;
  const reads = '\t\tlocal64_read(&event->hw.prev_count);';
  const some = tinyWith({ add: `\tfor (int i = 0; i < 300; i++)\n${reads}\n\tWARN_ON(1);` });
  assert.equal((await verdictsOf(some)).violated, ['no-warning']);
  const many = tinyWith({ add: `\tfor (int i = 0; i < 5000; i++)\n${reads}\n\tWARN_ON(1);` });
  assert.equal(await verdictsOf(many), { 'bounded: a call tells more facts than are kept': EVERYTHING });
  const endless = tinyWith({ add: `\tfor (;;)\n${reads}` });
  assert.ok((await verdictsOf(endless)).violated?.includes('no-crash'));
});

test('a fact, a view and a state may be as long as they are', async () => {
  if (!needsCompiler()) return;
  const name = 'w'.repeat(400);
  const lines = { globals: `static void ${name}(void)\n{\n\tWARN_ON(1);\n}`, add: `\t${name}();` };
  assert.equal((await verdictsOf(tinyWith(lines))).violated, ['no-warning']);
  const large = {
    globals: 'static u64 tiny_large[70000];',
    boot: '\tfor (int i = 0; i < 70000; i++)\n\t\ttiny_large[i] = 0;',
    add: '\tfor (int i = 0; i < 70000; i++)\n\t\ttiny_large[i] = i + 1;\n\tif (tiny_large[3] == 5)\n\t\treturn -EAGAIN;',
  };
  assert.equal(await verdictsOf(tinyWith(large), 'two-harts'), { holds: all(modelOf('two-harts')) });
});

test('a driver may have any of the names of the harness', async () => {
  if (!needsCompiler()) return;
  const names = harnessNames(tinyWith({}).harness);
  assert.ok(names.length > 60);
  const globals = names.map((name) => `int ${name} = 7;`).join('\n');
  const add = names.map((name) => `\tWARN_ON(${name} != 7);\n\t${name} = 7;`).join('\n');
  assert.equal(await verdictsOf(tinyWith({ globals, add })), { holds: EVERYTHING });
});

test.run();
