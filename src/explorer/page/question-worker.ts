import './one-thread.ts';
import { reach, readQuestion } from '../../reach/reach.ts';
import { whyNot } from '../../reach/why-not.ts';
import { describeDriver } from '../session/drivers.ts';
import type { QuestionOrder, QuestionReport } from '../session/question-messages.ts';
import { worldOf } from '../session/world.ts';

/** A page may not take more memory than this for its states. */
const MOST_BYTES = 2 ** 30;

const report = (message: QuestionReport): void => postMessage(message);

addEventListener('message', ({ data }: MessageEvent<QuestionOrder>) => void answer(data));

async function answer({ subject, question, port }: QuestionOrder): Promise<void> {
  try {
    if (port !== undefined) describeDriver(port);
    const answer = await reach(worldOf(subject).system, readQuestion(question), {
      limits: { bytes: MOST_BYTES },
      onProgress: (states) => report({ kind: 'progress', states }),
    });
    report({ kind: 'answered', answer, why: whyNot([{ answer }]) });
  } catch (error) {
    report({ kind: 'failed', message: (error as Error).message });
  }
}
