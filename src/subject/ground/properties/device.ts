import { counterOf, selects } from '../counting.ts';
import type { EventView } from '../machine.ts';
import { callOf, type Known, type Offence, type Step } from '../step.ts';
import type { GroundProperty } from './property.ts';

type Found = Omit<Offence, 'property'>;

const UPDATE = 4;
const isTime = ({ command: { call } }: Step): boolean => ['tick', 'overflow', 'expire'].includes(call);
const value = (text = '0'): bigint => BigInt.asIntN(64, BigInt(`0x${text}`));

/** Whether the count of the step's event is current when the call returns. */
const isCurrent = ({ command: { call, flags = 0 } }: Step): boolean =>
  call === 'read' || call === 'del' || (call === 'stop' && (flags & UPDATE) !== 0);

/** What else was done to an event since it was opened, beside counting; what comes first decides whose count it is. */
type Meanwhile = 'nothing' | 'paused' | 'slept' | 'throttled';
const meanwhileOf = ({ paused, slept, throttled }: EventView): Meanwhile =>
  throttled ? 'throttled' : slept ? 'slept' : paused ? 'paused' : 'nothing';
const MEANWHILE: Readonly<Record<Meanwhile, string>> = {
  nothing: '',
  paused: ', and it was stopped and started meanwhile',
  slept: ', and its CPU slept and woke meanwhile',
  throttled: ', and it was throttled meanwhile',
};

/** The ticks of an event at the latest when a step looked: in a read in which time goes by, it may have looked before. */
const ranBefore = ({ command: { call, event, flags }, before }: Step, ran: bigint): bigint =>
  call === 'read' && flags ? value(before.events[event]?.ran) : ran;

/** What a count says, against the ticks while its event ran, of events of which the one thing more was done. */
export function miscounted(step: Step, asked: Meanwhile): Found[] {
  const { command, after } = step;
  const event = after?.events[command.event];
  if (!isCurrent(step) || event?.ran === undefined || meanwhileOf(event) !== asked) return [];
  const [count, ran] = [value(event.count), value(event.ran)];
  if (count >= ranBefore(step, ran) && count <= ran) return [];
  const meanwhile = MEANWHILE[asked];
  return [
    {
      text: `${command.call} says ${count} for event ${command.event}, where ${BigInt(`0x${event.ran}`)} ticks ran${meanwhile}`,
    },
  ];
}

/** An event whose counter counts something else than it does when the event is alone. */
function miscounts(step: Step, known: Known): Found[] {
  if (!isTime(step)) return [];
  return step.before.events.flatMap((event, number) => {
    const counter = event.phase === 'active' ? counterOf(event, known) : undefined;
    const wanted = known.selections.get(event.kind ?? -1);
    const selected = counter === undefined ? undefined : selects(step.before, event, counter, known);
    if (selected === undefined || wanted === undefined || selected === wanted) return [];
    return [
      {
        text: `counter ${counter} of event ${number} counts 0x${selected}, and the event asks for 0x${wanted}`,
        callback: 'add',
      },
    ];
  });
}

/** The events that a step is about. */
function actorsOf({ command: { call, event }, before }: Step): ReadonlySet<number> {
  const members = call === 'group' ? before.events.flatMap(({ leader }, at) => (leader === event ? [at] : [])) : [];
  return new Set([event, ...members]);
}

/** Where a step told the device to stop a counter. */
function stopOf({ happenings }: Step, counter: number): Pick<Found, 'at'> {
  const last = happenings.findLast(({ stops }) => ((BigInt(`0x${stops ?? 0}`) >> BigInt(counter)) & 1n) === 1n);
  return last === undefined ? {} : { at: last.at };
}

function disturbed(step: Step, known: Known): Found[] {
  const { before, after, command } = step;
  // Of two calls at once, either may be the one that an event is taken from.
  if (isTime(step) || command.pair !== undefined || after === undefined) return [];
  const actors = actorsOf(step);
  return before.events.flatMap((event, number) => {
    const now = after.events[number];
    const counter = counterOf(event, known);
    if (actors.has(number) || event.phase !== 'active' || now?.phase !== 'active' || counter === undefined) return [];
    const [was, is] = [selects(before, event, counter, known), selects(after, now, counter, known)];
    if (was === undefined || was === is) return [];
    const does = is === undefined ? 'stops' : 'makes';
    const what = is === undefined ? '' : ` count 0x${is} instead of 0x${was}`;
    return [
      {
        text: `${command.call} of event ${command.event} ${does} counter ${counter}${what}, with which event ${number} counts`,
        ...stopOf(step, counter),
      },
    ];
  });
}

/** What counts although the PMU is disabled, and what does not although it is enabled again. */
function unbracketed(step: Step, known: Known): Found[] {
  const { before, after, command, happenings } = step;
  if (command.pair !== undefined) return [];
  const disabled = happenings.find(({ type }) => type === 'disabled');
  const still = before.events.flatMap((event, number) => {
    const counter = event.phase === 'active' ? counterOf(event, known) : undefined;
    const counts = counter !== undefined && (BigInt(`0x${disabled?.counting ?? 0}`) >> BigInt(counter)) & 1n;
    return counts
      ? [`pmu_disable has returned, and counter ${counter}, with which event ${number} counts, still counts`]
      : [];
  });
  if (still[0] !== undefined) return [{ text: still[0], callback: 'disable' }];
  if (after === undefined || !['add', 'start', 'group'].includes(command.call)) return [];
  return [...actorsOf(step)].flatMap((number) => {
    const event = after.events[number];
    const counter = event?.phase === 'active' ? counterOf(event, known) : undefined;
    if (event === undefined || counter === undefined || selects(after, event, counter, known) !== undefined) return [];
    const callback = command.call === 'start' ? ('start' as const) : ('add' as const);
    return [
      { text: `${command.call} has started event ${number}, and its counter ${counter} does not count`, callback },
    ];
  });
}

/** An interrupt of a device that all CPUs share which runs on a CPU where no event of it is. */
function unreached({ command, before, happenings }: Step, { perHart }: Known): Found[] {
  if (command.call !== 'overflow' || perHart) return [];
  const cpus = new Set(before.events.flatMap(({ phase, cpu }) => (phase === 'active' ? [cpu] : [])));
  const away = happenings.find(({ type, hart }) => type === 'interrupt' && !cpus.has(hart as number));
  if (away === undefined || cpus.size === 0) return [];
  const text = `the interrupt runs on CPU ${away.hart}, and the events are on CPU ${[...cpus].join(', ')}`;
  return [{ text, at: away.routed === '0' ? away.at : (away.routed as string) }];
}

/** Events whose counters counted before a handler or a timer's function ran, and do not any more. */
const standing = ({ before, after }: Step, known: Known, what: string, at: string): Found[] =>
  (after?.events ?? []).flatMap((event, number) => {
    const counter = event.phase === 'active' ? counterOf(event, known) : undefined;
    const counted = counter !== undefined && selects(before, before.events[number]!, counter, known) !== undefined;
    return counter === undefined || !counted || selects(after!, event, counter, known) !== undefined
      ? []
      : [{ text: `counter ${counter} of event ${number} counts no more after ${what}`, at }];
  });

/** What an interrupt handler leaves undone: the line, which stays raised, or an event that counts no more. */
function unhandled(step: Step, known: Known): Found[] {
  const { command, happenings } = step;
  const timer = happenings.find(({ type }) => type === 'timer');
  if (timer !== undefined && command.call === 'expire') return standing(step, known, 'its timer ran out', timer.at);
  const answers = happenings.filter(({ type }) => type === 'interrupt');
  // Of an event that is gone, all that is left to do is to let the line go.
  if (command.call === 'del' && happenings.some(({ type }) => type === 'stays raised'))
    return [
      {
        text: `event ${command.event} is deleted just after its counter overflowed, and the interrupt stays raised whatever its handler does`,
        at: answers[0]!.at,
      },
    ];
  // Where it does not reach the events, that is what is wrong.
  if (command.call !== 'overflow' || answers.length === 0 || unreached(step, known).length > 0) return [];
  const at = answers[0]!.at;
  if (happenings.some(({ type }) => type === 'stays raised'))
    return [{ text: 'a counter overflows, and the interrupt stays raised whatever its handler does', at }];
  if (answers.every(({ answer }) => answer === IRQ_NONE))
    return [{ text: 'a counter overflows and interrupts, and the handler answers IRQ_NONE', at }];
  return standing(step, known, 'the interrupt', at);
}

const IRQ_NONE = 0;
const INVALID_PARAM = -3;
/** Calls of firmware that name counters, by their numbers. */
const NAMING: Readonly<Record<number, string>> = { 2: 'choose among', 3: 'start', 4: 'stop' };
const CALLS: Readonly<Record<number, string>> = { 2: 'COUNTER_CFG_MATCH', 3: 'COUNTER_START', 4: 'COUNTER_STOP' };

/** A call of firmware as C would write it, with its answer. */
const callText = (called: number, given: readonly string[]): string =>
  `sbi_ecall(SBI_EXT_PMU, SBI_EXT_PMU_${CALLS[called]}, ${given.map((word) => `0x${word}`).join(', ')}) = SBI_ERR_INVALID_PARAM`;

/** What is asked of a driver whose device is described. */
export const DEVICE: readonly GroundProperty[] = [
  {
    id: 'count-exact',
    needsDevice: true,
    dependsOnDevice: true,
    statement: 'each count is the ticks of what the event asks for, while it ran',
    severity: 'high',
    source: 'perf_event_open(2); the description of the device',
    consequence: 'perf prints a number that is wrong, and nobody can tell.',
    speaksOf: (step) => isCurrent(step) && step.before.ticks !== 0,
    judge: (step, known) => [...miscounted(step, 'nothing'), ...miscounts(step, known)],
  },
  {
    id: 'isolation',
    needsDevice: true,
    dependsOnDevice: true,
    statement: 'no callback of one event changes whether or what another counts',
    severity: 'high',
    source: 'include/linux/perf_event.h, pmu::add, del, start, stop: of the event that is given',
    consequence: 'An event that runs counts no more, or something else, because another one came or went.',
    speaksOf: ({ before, command }) =>
      before.events.some(({ phase }, at) => phase === 'active' && at !== command.event),
    judge: disturbed,
  },
  {
    id: 'stop-neutral',
    needsDevice: true,
    dependsOnDevice: true,
    statement: 'any legal run of stop and start neither loses nor adds counts',
    severity: 'medium',
    source: 'include/linux/perf_event.h, pmu::start and stop: without PERF_EF_RELOAD the counter goes on',
    consequence: 'What was counted before a stop is lost, or counted twice.',
    speaksOf: ({ command }) => command.call === 'stop' || command.call === 'start',
    judge: (step) => miscounted(step, 'paused'),
  },
  {
    id: 'bracket',
    needsDevice: true,
    dependsOnDevice: true,
    statement: 'pmu_disable stops every counter of an event; after pmu_enable each active event counts',
    severity: 'medium',
    source: 'include/linux/perf_event.h, pmu::pmu_enable and pmu_disable: fully disable and enable the PMU',
    consequence: 'The members of a group count over different times, or an event that was accepted counts nothing.',
    speaksOf: ({ command }) => ['add', 'del', 'start', 'stop', 'group'].includes(command.call),
    judge: unbracketed,
  },
  {
    id: 'overflow-handled',
    needsDevice: true,
    dependsOnDevice: true,
    statement:
      'after the handler of an overflow the line is no longer raised; after it, and the function of a timer, every active event counts',
    severity: 'high',
    source: 'Documentation/core-api/genericirq.rst; the description of the device',
    consequence:
      'The CPU is in the handler for ever, the line is shut off as spurious, or counters stand still unseen.',
    speaksOf: ({ command: { call }, happenings }) =>
      (call === 'overflow' || call === 'expire') &&
      happenings.some(({ type }) => type === 'interrupt' || type === 'timer'),
    judge: unhandled,
  },
  {
    id: 'handler-reaches-events',
    needsDevice: true,
    dependsOnDevice: true,
    statement: 'the interrupt runs on the CPU on which the events are',
    severity: 'high',
    source: 'perf_event_overflow() and the callbacks are serialised by the CPU alone: irq_set_affinity() to the owner',
    consequence: 'The handler looks for events where none are, or changes them while their own CPU does, too.',
    speaksOf: ({ command, happenings }) =>
      command.call === 'overflow' && happenings.some(({ type }) => type === 'interrupt'),
    judge: unreached,
  },
  {
    id: 'device-protocol',
    needsDevice: true,
    dependsOnDevice: true,
    statement: 'no register outside the device is used, and firmware is asked for no counter that it does not have',
    severity: 'high',
    source: 'the description of the device; the SBI specification, chapter PMU',
    consequence: 'What lies there is written, or the machine takes a bus error.',
    speaksOf: ({ happenings }) =>
      happenings.some(({ type }) => ['read', 'write', 'ecall', 'no register'].includes(type)),
    judge: (step) =>
      step.happenings.flatMap(({ type, at, access, bus, address, error, function: called, arguments: given }) => {
        if (type === 'no register')
          return [
            {
              text: `${callOf(step.command)} ${access} ${bus} 0x${(address as number).toString(16)}, where the device has no register`,
              at,
            },
          ];
        if (type === 'ecall' && error === INVALID_PARAM && NAMING[called as number] !== undefined)
          return [
            {
              text: `${callOf(step.command)} asks firmware to ${NAMING[called as number]} counters from ${BigInt(`0x${(given as string[])[0]}`)} on, which it does not have: ${callText(called as number, given as string[])}`,
              at,
            },
          ];
        return [];
      }),
  },
];
