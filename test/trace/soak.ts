import { DRIVERS } from '../../machines/drivers.ts';
import { appendCompiled, author, initialLocals, type Locals } from '../../src/engine/compose/index.ts';
import { COUNTERS, ERRNO, FACT_TYPES, type Fact, RISCV_BASE_PMU, type System, WIRING } from '../../src/facts/index.ts';
import { callFact, offers } from '../../src/trace/call.ts';
import type { CallbackLine } from '../../src/trace/line.ts';
import { systemOf } from '../../src/trace/system.ts';

/** A number from 0 to below 1, and the next one: the same for the same seed. */
function numbers(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** What a task does: nothing, or a callback that has been entered, has begun, or has done all but return. */
interface Task {
  readonly number: number;
  id: number;
  isOpen: boolean;
  line?: CallbackLine;
  phase: 'idle' | 'entered' | 'running';
}

const OF_DRIVER = FACT_TYPES.filter((type) => WIRING[type].participants[0] === 'driver');
const POSTED = DRIVERS['as-posted'];
const CYCLES = { type: 0, config: 0 } as const;

/**
 * The callbacks of a kernel in which tasks open and close events without end, on two harts, each step of each at a random moment:
 * as the machines of the posted driver say. What a recorder shows is looked at some time after the entry, and before the return.
 */
export function soak({
  tasks,
  callbacks,
  seed = 1,
}: {
  tasks: number;
  callbacks: number;
  seed?: number;
}): CallbackLine[] {
  const next = numbers(seed);
  const system: System = systemOf({ events: tasks, harts: 2 }, '4.16', POSTED, RISCV_BASE_PMU);
  let state: Locals = initialLocals(system);
  const all: Task[] = Array.from({ length: tasks }, (_, number) => ({ number, id: 0, isOpen: false, phase: 'idle' }));
  const lines: CallbackLine[] = [];
  let ids = 0;
  const take = (bare: Fact): Fact | undefined => {
    const fact = author(system, state, bare);
    const after = appendCompiled(system, state, fact);
    if ('refusedBy' in after) return undefined;
    state = after;
    return fact;
  };
  const seen = (task: Task) => {
    const { hwState, idx } = state[system.partOf('driver', task.number)!]!.context;
    const { prevCount } = state[system.partOf('count', task.number)!]!.context;
    const { value } = state[system.partOf('activeEvents', 0)!]!.context;
    return { state: hwState, idx, prev: prevCount, count: 0, evstate: -1, oncpu: -1, active: value };
  };
  while (lines.length < callbacks || all.some(({ phase }) => phase !== 'idle')) {
    const task = all[Math.floor(next() * tasks)]!;
    if (task.phase === 'idle') {
      if (lines.length >= callbacks) continue;
      if (!task.isOpen) task.id = ++ids;
      const line: CallbackLine = {
        line: lines.length + 1,
        scn: 'soak',
        cpu: task.number % 2,
        pid: 100 + task.number,
        cb: task.isOpen ? 'event_destroy' : 'event_init',
        id: task.id,
        ...CYCLES,
        via: task.isOpen ? 'close' : 'open',
        hardirq: false,
        irqoff: false,
        before: {},
        after: {},
      };
      lines.push(line);
      Object.assign(task, { line, phase: 'entered' });
    } else if (task.phase === 'entered') {
      Object.assign(task.line!, { before: seen(task) });
      if (!take(callFact(task.line!, task.number, 'cycles'))) throw new Error('the driver was not idle');
      task.phase = 'running';
    } else {
      const call = { line: task.line!, event: task.number, running: true, counted: 0, warned: 0 };
      const facts = OF_DRIVER.flatMap((type) => offers(type, call, COUNTERS));
      let done: Fact | undefined;
      for (const fact of facts) {
        done = take(fact);
        if (done !== undefined) break;
      }
      // Until then it waits for the mutex, or has more to do.
      if (done === undefined || !('answer' in done || done.type === 'destroy.return')) continue;
      const answer = 'answer' in done ? done.answer : 0;
      const ret = answer === 0 ? 0 : -ERRNO[answer as keyof typeof ERRNO];
      Object.assign(task.line!, { after: seen(task), ...(!task.isOpen && { ret }) });
      if (task.isOpen || ret !== 0) take({ type: 'event.free', event: task.number });
      Object.assign(task, { isOpen: !task.isOpen && ret === 0, phase: 'idle' });
    }
  }
  return lines;
}
