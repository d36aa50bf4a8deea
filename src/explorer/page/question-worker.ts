import './one-thread.ts';
import { answersAlong } from '../../reach/along.ts';
import { reach, readQuestion } from '../../reach/reach.ts';
import { whyNot } from '../../reach/why-not.ts';
import { describeDriver } from '../session/drivers.ts';
import type { QuestionOrder, QuestionReport } from '../session/question-messages.ts';
import { worldOf } from '../session/world.ts';

/** A page may not take more memory than this for its states. */
const MOST_BYTES = 2 ** 30;

const report = (message: QuestionReport): void => postMessage(message);

addEventListener('message', ({ data }: MessageEvent<QuestionOrder>) => void answer(data));

async function answer({ subject, question, log, port }: QuestionOrder): Promise<void> {
  try {
    if (port !== undefined) describeDriver(port);
    const { system } = worldOf(subject);
    if (log !== undefined) {
      report({ kind: 'along', places: answersAlong(system, readQuestion(question), log) });
      return;
    }
    const answer = await reach(system, readQuestion(question), {
      limits: { bytes: MOST_BYTES },
      onProgress: (states) => report({ kind: 'progress', states }),
    });
    report({ kind: 'answered', answer, why: whyNot([{ answer }]) });
  } catch (error) {
    report({ kind: 'failed', message: (error as Error).message });
  }
}
