import { type LogHeader, machinesDigest } from '../store/index.ts';
import { type Recordable, type Subject, systemOf } from './subject.ts';

export { KERNEL_TRACE, type Recordable, type Subject, systemOf } from './subject.ts';

/** The header of a new log. */
export function headerOf(subject: Subject, breaks?: string, of?: Recordable): LogHeader {
  return {
    schema: 'hartproof.log/1',
    ...subject,
    machines: machinesDigest(systemOf(subject, of)),
    ...(breaks !== undefined && { breaks }),
  };
}

/** Whether the machines that wrote a log are the ones of today. */
export const isByTheseMachines = (header: LogHeader, of?: Recordable): boolean =>
  machinesDigest(systemOf(header, of)) === header.machines;
