import { type Row, tableOf } from './rows.ts';

/** The page docs/kernel.md: how it is run, and what it printed today. `soak`: what the programs did under load, if they were asked to. */
export const pageOf = (rows: readonly Row[], soak: string | undefined): string => {
  const different = rows.filter(({ same }) => !same).length;
  return `# In a booted kernel

${HOW}
What it printed on ${new Date().toISOString().slice(0, 10)}, Linux 6.12: ${rows.length} rows, ${different} of them differ from
the model. What a driver keeps to itself (references, slots) a suite sees and a program does not: the model says of each what it sees.
${soak === undefined ? '' : `\n${soak}\n`}
${tableOf(rows)}
`;
};

const HOW = `\`npm run kernel -- PATCH --busybox FILE\` boots Linux in QEMU (\`qemu-system-riscv64 -M virt\`, two harts) with the
driver of 2018 as a module, as posted and with every repair, and compares with the model what the kernel does:

- the KUnit suites of all models that it can say something of, when the module is loaded, as the kernel says it and as
  \`kunit.py parse\` of its tree reads it, and the C programs of user space;
- a recording of these programs, by the script of \`trace setup --format kprobes --offsets …\`, which is run twice, and judged as
  \`trace check --environment current\` judges it: of the driver that ran it is accepted, of the other one it is not;
- the monitor of [rv.md](rv.md), whose commands are run as they stand there, in the kernel's tree and in the booted kernel: it
  reports nothing of these two drivers, and of a third one, whose \`del\` starts its event again, it does.

Built into this kernel, the same suites were run by \`kunit.py run --arch=riscv --qemu_args='-smp 2'\` of its tree, by hand
(2026-11-28): 84 tests of the repaired driver pass; 63 of the posted one fail, each at the step that the model names.

\`--soak N\` also runs each program N times on the repaired driver, under load. Names of models behind the patch ask these alone.

It needs, of Debian, \`qemu-system-misc\`, \`opensbi\`, \`gcc-riscv64-linux-gnu\`, \`libc6-dev-riscv64-cross\`, \`flex\`, \`bison\`,
\`bc\`, \`python3\` and \`linux-source-6.12\` (\`--linux\` names its archive where it lies elsewhere), and a static busybox for
riscv64: \`busybox-static\` of Debian 13, from \`apt-get download busybox-static:riscv64\`. The kernel is unpacked and built once, in
the user's cache or where \`--build\` says; the rest takes minutes. It is not in CI.

One line of the kernel is not Debian's: \`config RISCV\` selects \`ARCH_HAVE_NMI_SAFE_CMPXCHG\`. Without it, what a kprobe at the
entry of a function sees never gets into the trace ([trace.md](trace.md)).
`;
