import { createHash } from 'node:crypto';
import type { System } from '../facts/index.ts';

/**
 * A digest of the machines of a system: of their charts, the code of their guards, actions and authors, and their input.
 * A log that was written by machines with another digest may not be a behaviour of these.
 */
export function machinesDigest(system: System): string {
  const hash = createHash('sha256');
  for (const { role, index, machine, input, authors } of system.parts) {
    const code = { ...machine.implementations.guards, ...machine.implementations.actions, ...authors };
    hash.update(JSON.stringify([role, index, input, machine.config], withCode));
    hash.update(JSON.stringify(code, withCode));
  }
  return hash.digest('hex').slice(0, 16);
}

/** Functions by their text: guards and actions are part of what a machine is. */
function withCode(_: string, value: unknown): unknown {
  if (typeof value !== 'function') return value;
  return { code: value.toString(), ...value };
}
