import { computed, signal } from '@preact/signals';
import type { CodeFile } from '../session/code.ts';
import type { FindingsFile, Found } from '../session/found.ts';

/** The findings that lie beside the page, if any do. */
export const findings = signal<FindingsFile | undefined>(undefined);
/** The finding whose log was opened. */
export const found = signal<Found | undefined>(undefined);
/** The C of the driver, as far as it lies beside the page, and the name under which it does. */
export const code = signal<{ readonly file?: string; readonly files: readonly CodeFile[] }>({ files: [] });
/** How many of its steps are done, where no machines follow the log of the finding: then it is told as the report tells it. */
export const toldAt = signal<number | undefined>(undefined);

/** The finding that is told, and the position in its steps. */
export const told = computed(() => {
  const [finding, at] = [found.value, toldAt.value];
  return finding === undefined || at === undefined ? undefined : { finding, at, length: finding.steps.length };
});

/** Goes to a position of the finding that is told; outside of it, to its nearest end. */
export function tell(at: number): void {
  const { length } = told.value!;
  toldAt.value = Math.max(0, Math.min(Math.trunc(at) || 0, length));
}
