import { parentPort } from 'node:worker_threads';
import { type Model, propertyOf } from '../../models/index.ts';
import { SourceAudit, type SourceOutcome } from './audit.ts';
import { NoSubject } from './compiler.ts';
import type { Said, Task, Told } from './search-thread.ts';

/** The driver that was searched last: runs of it are shared between its searches. */
let audit: SourceAudit | undefined;
let stopping = new AbortController();
const searches = new Map<SourceOutcome, number>();
/** By what they say: models come as copies, and what was found is known of one alone. */
const models = new Map<string, Model>();

function auditOf({ build, everyAccess }: Task): SourceAudit {
  if (audit?.build.object === build.object && audit.everyAccess === everyAccess) return audit;
  audit?.close();
  audit = new SourceAudit(build, everyAccess);
  return audit;
}

/** Milliseconds between two words of how far a search is. */
const OFTEN = 100;

const say = (said: Said): void => parentPort!.postMessage(said);

async function search(task: Task): Promise<Said> {
  const { environment, properties, limits } = task;
  const said = JSON.stringify(task.model);
  const model = models.get(said) ?? task.model;
  models.set(said, model);
  stopping = new AbortController();
  let told = performance.now();
  const onProgress = (states: number): void => {
    if (performance.now() - told < OFTEN) return;
    told = performance.now();
    say({ states });
  };
  const options = { limits, signal: stopping.signal, onProgress };
  try {
    const outcome = await auditOf(task).decide(model, environment, properties.map(propertyOf), options);
    const search = searches.get(outcome) ?? searches.size;
    searches.set(outcome, search);
    return { outcome, search };
  } catch (error) {
    if (error instanceof NoSubject) return { failed: error.message };
    throw error;
  }
}

parentPort!.on('message', async (told: Told) => {
  if (told === 'stop') stopping.abort();
  else say(await search(told));
});
