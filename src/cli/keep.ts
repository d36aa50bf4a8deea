import { createHash } from 'node:crypto';
import type { Audited } from '../audit/audited.ts';
import { LogExists } from '../store/index.ts';
import { openStore } from './logs.ts';

/**
 * Keeps the counterexamples of an audit as logs, so that `replay --all` says later which of them still break their promise.
 * One that is kept already is left as it is. Returns how many are new.
 */
export async function keepCounterexamples(
  { auditee: { driver }, findings }: Audited,
  directory: string,
): Promise<number> {
  // What C does is kept where there is a model to fold it again.
  if (driver === undefined) return 0;
  const { headerOf } = await import('../replay/recorded.ts');
  const store = await openStore(directory);
  let kept = 0;
  try {
    for (const { id, property, counterexample, shownIn } of findings) {
      const subject = { model: shownIn.model.name, environment: shownIn.environment, driver };
      const digest = createHash('sha256')
        .update(JSON.stringify([subject, counterexample.facts]))
        .digest('hex');
      const name = `${id.replace(/[^\w-]+/g, '.')}.${digest.slice(0, 6)}`;
      try {
        store.create(name, headerOf(subject, property.id));
      } catch (error) {
        if (error instanceof LogExists) continue;
        throw error;
      }
      store.append(name, 0, counterexample.facts);
      kept++;
    }
  } finally {
    store.close();
  }
  return kept;
}
