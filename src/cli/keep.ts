import { createHash } from 'node:crypto';
import type { AuditResult } from '../audit/audit-result.ts';
import { LogExists } from '../store/index.ts';
import { type DriverChoice, subjectOf } from './driver-asked.ts';
import { openStore } from './logs.ts';

/**
 * Keeps the counterexamples of an audit of this driver as logs, so that `replay --all` says later which of them still break their
 * property. One that is kept already is left as it is. Returns the names of the new ones.
 */
export async function keepCounterexamples(
  { findings }: AuditResult,
  asked: DriverChoice,
  directory: string,
): Promise<string[]> {
  const { headerOf } = await import('../replay/recorded.ts');
  const { logsOf } = await import('../audit/texts.ts');
  const store = await openStore(directory, 'write');
  const fresh: string[] = [];
  const keep = ({ id, property, counterexample, shownIn }: ReturnType<typeof logsOf>[number]): void => {
    const { facts } = counterexample;
    const subject = subjectOf(asked, shownIn.model.name, shownIn.environment);
    // A file that changed is no other log, as long as the same happens.
    const { config: _, port: _port, ...same } = subject;
    const digest = createHash('sha256')
      .update(JSON.stringify([same, facts]))
      .digest('hex');
    const name = `${id.replace(/[^\w-]+/g, '.')}.${digest.slice(0, 6)}`;
    try {
      store.create(name, headerOf(subject, property.id, asked), facts);
    } catch (error) {
      if (!(error instanceof LogExists)) throw error;
      // It may have been begun, and no more.
      if (store.version(name) > 0) return;
      store.append(name, 0, facts);
    }
    fresh.push(name);
  };
  try {
    store.together(() => findings.flatMap(logsOf).forEach(keep));
  } finally {
    store.close();
  }
  return fresh;
}
