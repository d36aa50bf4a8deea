import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Device } from '../../../machines/hardware/index.ts';
import { readDevice } from '../../../src/porting/device-file.ts';

/** A driver of ours that keeps every property; each BREAK_… breaks one. */
export const TINY = join(import.meta.dirname, 'drivers/tiny_pmu.c');

/** The file that the guide has somebody write, and the device that it describes: the one of the driver. */
export async function tinyDevice(): Promise<{ file: string; device: Device }> {
  const guide = readFileSync(join(import.meta.dirname, '../../../docs/devices.md'), 'utf8');
  const [, text] = /```ts\n([\s\S]*?)```/.exec(guide)!;
  const file = join(mkdtempSync(join(tmpdir(), 'hartproof-device-')), 'tiny.ts');
  writeFileSync(file, text!);
  return { file, device: await readDevice(file) };
}
