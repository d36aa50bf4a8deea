import { acceptingOf, acceptingText } from '../../trace/accepting.ts';
import { judgeTrace } from '../../trace/any-format.ts';
import type { TraceOrder, TraceReportMessage } from '../session/trace-messages.ts';

/** Milliseconds between two reports of how far it is. */
const LOOK = 150;
/** Milliseconds that other drivers and perf cores may take. */
const PATIENCE = 5000;

addEventListener('message', ({ data }: MessageEvent<TraceOrder>) => {
  try {
    judge(data);
  } catch (error) {
    report({ kind: 'failed', message: (error as Error).message });
  }
});

const report = (message: TraceReportMessage): void => postMessage(message);

/** Judges a trace, then asks who else accepts what is refused. */
function judge({ text, by }: TraceOrder): void {
  const judging = judgeTrace(text, by);
  let looked = performance.now();
  let step = judging.next();
  for (; !step.done; step = judging.next()) {
    if (performance.now() - looked < LOOK) continue;
    looked = performance.now();
    report({ kind: 'progress', callbacks: step.value });
  }
  const { callbacks, parts, lost, fold } = step.value;
  const sent = parts.map(({ origins, ...part }) => ({
    ...part,
    origins: Array.from(origins.runs(), ([from, origin]) => [from, origin] as const),
  }));
  report({ kind: 'done', callbacks, parts: sent, lost });
  for (const [part, { refused }] of parts.entries()) {
    if (refused === undefined) continue;
    const asking = acceptingOf(by, refused, fold, PATIENCE);
    let asked = asking.next();
    while (!asked.done) asked = asking.next();
    report({ kind: 'accepting', part, text: acceptingText(asked.value) });
  }
}
