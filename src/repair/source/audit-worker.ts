import { parentPort } from 'node:worker_threads';
import { NoSubject } from '../../subject/index.ts';
import type { Answer, Task } from './auditor.ts';
import { brokenInC } from './broken-in-c.ts';

async function answer({ build, scopes }: Task): Promise<Answer> {
  try {
    return { broken: await brokenInC(build, scopes) };
  } catch (error) {
    if (error instanceof NoSubject) return { failed: error.message };
    throw error;
  }
}

parentPort!.on('message', async (task: Task) => parentPort!.postMessage(await answer(task)));
