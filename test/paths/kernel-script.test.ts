import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { keptOf } from '../../docs/kernel/kept.ts';
import { isStaticOfRiscv, missing } from '../../docs/kernel/needs.ts';

const test = suite('npm run kernel');
const folder = mkdtempSync(join(tmpdir(), 'hartproof-'));
test.after(() => rmSync(folder, { recursive: true }));

test('makes nothing twice, and again what was cut short or is to be made of something else', () => {
  const file = join(folder, 'made');
  let made = 0;
  const make = (of: string, cut = false): number => {
    keptOf(file, of, () => {
      made++;
      if (cut) throw new Error('cut short');
    });
    return made;
  };
  assert.is(make('a'), 1);
  assert.is(make('a'), 1);
  assert.throws(() => make('b', true), 'cut short');
  assert.not.ok(existsSync(file));
  assert.is(make('a'), 3);
  assert.is(make('a'), 3);
});

/** The head of an ELF of 64 bits with one program header. */
function elf(machine: number, header: number): Buffer {
  const file = Buffer.alloc(120);
  file.set([0x7f, 0x45, 0x4c, 0x46, 2]);
  file.writeUInt16LE(machine, 18);
  file.writeBigUInt64LE(64n, 32);
  file.writeUInt16LE(56, 54);
  file.writeUInt16LE(1, 56);
  file.writeUInt32LE(header, 64);
  return file;
}

test('takes a static program of riscv64 for its busybox, and nothing else', () => {
  assert.ok(isStaticOfRiscv(elf(243, 1)));
  assert.not.ok(isStaticOfRiscv(elf(243, 3)));
  assert.not.ok(isStaticOfRiscv(elf(62, 1)));
  assert.not.ok(isStaticOfRiscv(Buffer.from('#!/bin/sh')));
  assert.not.ok(isStaticOfRiscv(readFileSync(process.execPath)));
  assert.not.ok(isStaticOfRiscv(elf(243, 1).subarray(0, 80)));
});

test('says of each thing that is missing in a line what to install', () => {
  const busybox = join(folder, 'busybox');
  writeFileSync(busybox, elf(243, 1));
  const all = missing('/no/such.tar.xz', join(folder, 'none'), '/with a space');
  assert.match(all.join('\n'), /^\/no\/such\.tar\.xz is missing: apt-get install linux-source-6\.12/m);
  assert.match(all.join('\n'), /none is missing: .*busybox-static:riscv64/);
  assert.match(all.join('\n'), /with a space: the kernel does not build where there are spaces/);
  const path = process.env.PATH;
  process.env.PATH = folder;
  try {
    const said = missing(busybox, busybox, '/build');
    assert.ok(said.includes('riscv64-linux-gnu-gcc is missing: apt-get install gcc-riscv64-linux-gnu'));
    assert.ok(said.includes('qemu-system-riscv64 is missing: apt-get install qemu-system-misc'));
    assert.ok(said.every((line) => /^\S+ is missing: apt-get install [\w-]+$/.test(line)));
  } finally {
    process.env.PATH = path;
  }
});

test.run();
