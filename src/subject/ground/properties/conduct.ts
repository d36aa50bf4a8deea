import { type RefusedLock, refusedLocks } from '../locks.ts';
import type { Happening } from '../machine.ts';
import { type Command, callOf, type Known, type Offence, type Step } from '../step.ts';
import type { GroundProperty } from './property.ts';

type Found = Omit<Offence, 'property'>;

/** Whether the step is about an event whose config is at a border of what can be asked. */
function border({ command, before }: Step, { kinds }: Known): string | undefined {
  const number = command.call === 'open' ? command.kind : before.events[command.event]?.kind;
  const kind = number === undefined ? undefined : kinds[number];
  return kind?.why === 'border' ? kind.name : undefined;
}

const any = (): boolean => true;
const of = ({ happenings }: Step, ...types: string[]): Happening[] =>
  happenings.filter(({ type }) => types.includes(type));

const undefinedBehaviour = (step: Step): Found[] =>
  of(step, 'undefined').map(({ kind, file, line, at }) => ({
    text: `${kind} in ${callOf(step.command)}`,
    line: { file: file as string, line: line as number },
    at,
  }));
const crashes = (step: Step): Found[] =>
  of(step, 'crash')
    .filter(({ what }) => !String(what).startsWith('deadlock'))
    .map(({ what, at }) => ({ text: `${callOf(step.command)} does not return: ${what}`, at }));

const firstOf = ({ command }: Step): string => callText(command.pair?.first);
const secondOf = ({ command }: Step): string => callText(command.pair?.second);
const callText = (command: Command | undefined): string =>
  command === undefined
    ? 'another call'
    : command.event < 0
      ? `the ${command.call}`
      : `${command.call} of event ${command.event}`;

/** What of a lock is refused, in words; a sleep is of the context. */
function lockOffence(step: Step, { does, kind, at, taken, isAnothers }: RefusedLock): Found[] {
  switch (does) {
    case 'return':
      return [{ text: `${callOf(step.command)} returns with a ${kind} held`, at }];
    case 'take':
      return [{ text: `a ${kind} is taken that is held already`, at }];
    case 'release':
      return [{ text: `a lock is released that ${isAnothers ? 'another call holds' : 'is not held'}`, at }];
    case 'wait': {
      const text = `a spinlock is taken with interrupts on, and ${secondOf(step)}, which interrupts, waits for ever`;
      return [{ text, at: taken!, beside: at }];
    }
    case 'owner waits': {
      const [first, second] = [firstOf(step), secondOf(step)];
      const text = `two locks are taken in two orders: ${first} waits for the one that ${second} has taken, and the other way round`;
      return [{ text, at, beside: taken! }];
    }
    default:
      return [];
  }
}

/** What is asked of every call, whatever it is for. */
export const CONDUCT: readonly GroundProperty[] = [
  {
    id: 'config-bounded',
    dependsOnDevice: true,
    statement: 'no value of config, config1 or config2 leads to undefined behaviour or beyond a table',
    severity: 'high',
    source: 'perf_event_open(2): the attributes come from the user as they are',
    consequence: 'A user who may open events reads, writes or jumps where the kernel does not mean to.',
    speaksOf: ({ command }) => command.call === 'open',
    judge(step, known) {
      const name = border(step, known);
      if (name === undefined) return [];
      return [...undefinedBehaviour(step), ...crashes(step)].map((one) => ({
        ...one,
        text: `with ${name}: ${one.text}`,
      }));
    },
  },
  {
    id: 'locks-balanced',
    statement:
      'locks are taken in one order, with interrupts off where an interrupt wants them; at return they are released, and interrupts and preemption as they were',
    severity: 'high',
    source: 'Documentation/locking',
    consequence: 'Whoever takes the lock next waits for ever, or two calls wait for each other.',
    speaksOf: any,
    judge: (step) => [
      ...refusedLocks(step.happenings).flatMap((one) => lockOffence(step, one)),
      ...of(step, 'waits for timer').map(({ at, other }) =>
        other === undefined
          ? { text: 'the function of a timer calls hrtimer_cancel, which waits for that function', at }
          : {
              text: 'hrtimer_cancel waits for the function of a timer, which waits for a lock that is held here',
              at,
              beside: other as string,
            },
      ),
      ...of(step, 'preempt').map(({ count }) => ({
        text: `${callOf(step.command)} returns with preemption ${(count as number) > 0 ? 'off' : 'enabled once too often'}`,
      })),
      ...of(step, 'irqs').map(({ off }) => ({
        text: `${callOf(step.command)} returns with interrupts ${off ? 'off' : 'on'}`,
      })),
    ],
  },
  {
    id: 'context-kept',
    statement:
      'nothing sleeps, or waits for another CPU, with interrupts off or a spinlock held; no per-CPU access while preemptible',
    severity: 'high',
    source:
      'Documentation/locking; CONFIG_DEBUG_PREEMPT; kernel/smp.c; add, del, start, stop and read run with interrupts off',
    consequence: 'A deadlock, "BUG: scheduling while atomic", or the data of a CPU on which the call no longer runs.',
    speaksOf: any,
    judge: (step) => [
      ...of(step, 'sleeps').map(({ what, why, at }) => ({
        text: `${callOf(step.command)} may sleep ${why}: it calls ${what}`,
        at,
      })),
      ...refusedLocks(step.happenings)
        .filter(({ does }) => does === 'sleep')
        .map(({ what, at }) => ({
          text: `${callOf(step.command)} may sleep with a spinlock held: it calls ${what}`,
          at,
        })),
      ...of(step, 'moves').map(({ what, at }) => ({
        text: `${callOf(step.command)} may be moved to another CPU at any moment, and calls ${what}`,
        at,
      })),
      ...of(step, 'calls').map(({ what, at }) => ({
        text: `${callOf(step.command)} waits for another CPU with interrupts off: it calls ${what}`,
        at,
      })),
    ],
  },
  {
    id: 'no-warning',
    dependsOnDevice: true,
    statement: 'no legal order of calls leads to a WARN',
    severity: 'medium',
    source: 'the C itself, run',
    consequence: 'A stack trace in the log; with panic_on_warn the machine stops.',
    speaksOf: any,
    judge: (step) => of(step, 'warn').map(({ at }) => ({ text: `${callOf(step.command)} warns`, at })),
  },
  {
    id: 'no-crash',
    dependsOnDevice: true,
    statement: 'no callback crashes or hangs',
    severity: 'high',
    source: 'the C itself, run',
    consequence: 'The kernel oopses, or a CPU is stuck with interrupts off.',
    speaksOf: any,
    judge: (step, known) => (border(step, known) === undefined ? crashes(step) : []),
  },
  {
    id: 'no-undefined-behaviour',
    dependsOnDevice: true,
    statement: 'no undefined behaviour',
    severity: 'high',
    source: 'ISO C; the sanitizers of the compiler',
    consequence: 'What the compiled driver does then is up to the compiler.',
    speaksOf: any,
    judge: (step, known) => (border(step, known) === undefined ? undefinedBehaviour(step) : []),
  },
];
