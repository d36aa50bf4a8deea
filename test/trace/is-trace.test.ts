import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { isCallbacks, isTrace } from '../../src/trace/is-trace.ts';

/** How a file begins, what it is called, whether it is a kernel's trace, and whether one of callbacks. */
const BEGINNINGS: readonly (readonly [text: string, name: string, trace: boolean, callbacks: boolean])[] = [
  ['{"line":1,"cb":"event_init"', 'trace.jsonl', true, true],
  ['\n  {"scn":"a"', 'trace.log', true, true],
  ['{"type": "attached_probes", "data": {"probes": 15}}\n', 'out.json', true, false],
  ['{"type": "printf", "data": "hartproof: add_call', 'out.jsonl', true, false],
  ['{"type": "lost_events", "data": {"events": 3}}\n', 'out.json', true, false],
  ['cpus=2\n perf-100 [000] 1.0: add_call: ', 'report.txt', true, false],
  ['# tracer: nop\n', 'trace', true, false],
];

/** What is no kernel's trace. */
const OTHERS = [
  ['{"schema":"hartproof.log/1","model":"migration"', 'run.jsonl'],
  ['{"type":"event.alloc","event":0}\n', 'facts.jsonl'],
  ['{"findings":[', 'findings.json'],
  ['[1, 2]', 'list.json'],
  ['', 'empty.txt'],
] as const;

test('a trace of callbacks, of a recorder, and of bpftrace as JSON is told from a log and a report', () => {
  for (const [text, name, trace, callbacks] of BEGINNINGS)
    assert.equal([isTrace(text, name), isCallbacks(text)], [trace, callbacks], text);
  for (const [text, name] of OTHERS) assert.not(isTrace(text, name), text);
});

test.run();
