import type { Device } from '../../machines/hardware/index.ts';
import { readModule } from './module-file.ts';

/**
 * Reads a file whose default export is what `defineDevice` answers. Throws a RangeError that names the file: if it is not there,
 * does not run, or describes no device.
 */
export async function readDevice(file: string): Promise<Device> {
  const device = await readModule(file, 'docs/devices.md says what goes into one');
  if (!isDevice(device)) throw new RangeError(`${file}: its default export is not what defineDevice answers`);
  return device;
}

const isDevice = (value: unknown): value is Device =>
  typeof value === 'object' && value !== null && 'layout' in value && 'machine' in value && 'description' in value;
