import { cpu as hotplug } from '../../../machines/core/cpu.ts';
import { enabledIn } from '../../../machines/core/enabled.ts';
import { power } from '../../../machines/core/power.ts';
import { throttling } from '../../../machines/core/throttling.ts';
import { timer } from '../../../machines/core/timer.ts';
import type { Pair } from './at-once.ts';
import type { StepView } from './machine.ts';
import { type AskedKind, activeOf, type Command, HALVES, SAMPLES } from './step.ts';

/** Which calls the core may make in a state: what a search branches over. */
export interface Scope {
  readonly name: string;
  /** The core that makes them: since 6.16 it stops and starts what it throttles. */
  readonly core?: '6.16';
  readonly commands: (view: StepView) => readonly Command[];
  /** Which two calls may run at once in a state. */
  readonly pairs?: (view: StepView) => Iterable<Pair>;
  /** States beyond this number are not looked at. */
  readonly states: number;
}

const phaseOf = ({ events }: StepView, event: number): string => events[event]?.phase ?? 'closed';

/**
 * Some events, each of its kind, each in any order: opened in the order of their numbers, added, read, deleted, closed.
 * `stops`: the core also stops and starts what is active.
 */
export function lives(name: string, kinds: readonly AskedKind[], stops = false, states = 4000): Scope {
  return {
    name,
    ...(stops && { core: '6.16' as const }),
    states,
    commands(view) {
      const commands: Command[] = [];
      for (const [event, { number: kind }] of kinds.entries()) {
        const phase = phaseOf(view, event);
        // Equal kinds are alike: of those that could be opened, the first is.
        const earlier = kinds.findIndex((other, at) => other.number === kind && phaseOf(view, at) === 'closed');
        if (phase === 'closed' && earlier === event) commands.push({ call: 'open', event, kind });
        if (phase === 'open') commands.push({ call: 'add', event }, { call: 'close', event });
        if (phase === 'active' || phase === 'stopped') commands.push({ call: 'read', event }, { call: 'del', event });
        if (stops && phase === 'active') commands.push({ call: 'stop', event, flags: 0 });
        if (stops && phase === 'stopped')
          commands.push({ call: 'start', event, flags: 0 }, { call: 'stop', event, flags: 0 });
      }
      return commands;
    },
  };
}

/** One event, of any of some kinds, from its open to its close. */
export const single = (name: string, kinds: readonly AskedKind[]): Scope => ({
  name,
  states: 20_000,
  commands: (view) =>
    view.events.length === 0
      ? kinds.map(({ number: kind }) => ({ call: 'open' as const, event: 0, kind }))
      : lives(name, kinds.slice(0, 1))
          .commands(view)
          .filter(({ call }) => call !== 'open'),
});

/** A scope in which a user maps the first event and unmaps it. */
export function whileMapped(scope: Scope): Scope {
  return {
    ...scope,
    name: `${scope.name}, mapped by a user`,
    commands(view) {
      const commands = scope.commands(view).filter(({ call }) => call !== 'close');
      const [event] = view.events;
      if (event === undefined || event.phase === 'closed') return commands;
      return [...commands, { call: event.page === undefined ? 'map' : 'unmap', event: 0 }];
    },
  };
}

/** The CPUs that there are. */
const CPUS = [0, 1] as const;

/** What the machine of hotplug begins, as commands: each goes through to where the CPU rests again. */
const HOTPLUG: Readonly<Record<string, 'offline' | 'online'>> = { down: 'offline', prepare: 'online' };

/** A scope in which CPUs go and come once all is opened. */
export function whileCpusGo(scope: Scope): Scope {
  return {
    ...scope,
    name: `${scope.name}, while CPUs go and come`,
    commands(view) {
      const commands = scope.commands(view);
      const opens = commands.filter(({ call }) => call === 'open');
      return opens.length > 0 ? opens : [...commands, ...crossings(view)];
    },
  };
}

const crossings = ({ online }: StepView): Command[] =>
  CPUS.flatMap((cpu) => {
    const isOnline = ((online >> cpu) & 1) === 1;
    return enabledIn(hotplug, isOnline ? 'online' : 'offline').map(
      (type): Command => ({ call: HOTPLUG[type]!, event: cpu }),
    );
  });

/**
 * One event that counts while time goes by and CPUs go and come, opened before they do, or after all are back: on one that is not there
 * the core opens none.
 */
export function onceCpusCame(a: AskedKind, states: number): Scope {
  const timed = inTime(lives(a.name, [a], false, states), 'none');
  return {
    ...timed,
    name: `${a.name}, opened before or after CPUs go and come, while time goes by`,
    commands: (view) => [
      ...timed.commands(view).filter(({ call }) => call !== 'open' || CPUS.every((cpu) => (view.online >> cpu) & 1)),
      ...crossings(view),
    ],
  };
}

/** What CPU_PM's machine says, as commands. */
const POWER: Readonly<Record<string, (cpu: number) => Command>> = {
  enter: (cpu) => ({ call: 'sleep', event: cpu }),
  exit: (cpu) => ({ call: 'wake', event: cpu }),
  failed: (cpu) => ({ call: 'wake', event: cpu, flags: 1 }),
};

/** A scope in which a CPU that has events sleeps and wakes, once all is opened. While it sleeps, nothing is called on it. */
export function whileCpusSleep(scope: Scope): Scope {
  return {
    ...scope,
    name: `${scope.name}, while its CPU sleeps and wakes`,
    commands(view) {
      const isAsleep = (cpu: number): boolean => ((view.asleep >> cpu) & 1) === 1;
      const moves = (cpu: number): Command[] =>
        enabledIn(power, isAsleep(cpu) ? 'asleep' : 'awake').map((type) => POWER[type]!(cpu));
      const sleeper = CPUS.find(isAsleep);
      if (sleeper !== undefined) return moves(sleeper);
      const commands = scope.commands(view);
      const opens = commands.filter(({ call }) => call === 'open');
      if (opens.length > 0) return opens;
      const busy = new Set(activeOf(view).map((event) => Math.max(view.events[event]!.cpu ?? 0, 0)));
      return [...commands, ...[...busy].flatMap(moves)];
    },
  };
}

/** The moves of the environment that a timer's machine has, in any state: it runs out. */
export const timersOut = ({ timers = [] }: StepView): Command[] =>
  enabledIn(timer, 'armed').includes('expires') ? timers.map(([event]) => ({ call: 'expire', event })) : [];

/**
 * A scope in which timers that are armed run out, at any moment. `ticks`: so many go by at once, fewer than a counter has to come
 * round, which it does not tell; and then all timers run out. What none of them looks at is lost the next time.
 */
export function whileTimersRun(scope: Scope, ticks?: number): Scope {
  return {
    ...scope,
    name: `${scope.name}, while timers run out`,
    commands(view) {
      const commands = [...scope.commands(view), ...timersOut(view)];
      const isTimed = ticks !== undefined && activeOf(view).length > 0 && (view.ticks ?? 0) < MOST_TIMES;
      return isTimed ? [...commands, { call: 'expire', event: -1, ticks }] : commands;
    },
  };
}

/** How many ticks go by at once, and how often, in a scope in which time does; and how late an interrupt is. */
const [TICKS, MOST_TIMES, LATE] = [100, 2, 5] as const;

/**
 * A scope in which time goes by as well, while anything is active: some ticks, or all until a counter overflows and interrupts,
 * at once, or also only after a `del`.
 */
export function inTime(scope: Scope, interrupts: 'none' | 'at once' | 'after del'): Scope {
  return {
    ...scope,
    name: `${scope.name}, while time goes by`,
    commands(view) {
      const commands = scope.commands(view).filter(({ call }) => call !== 'close');
      // All are opened first: when they are is a matter of the scopes in which no time goes by.
      const opens = commands.filter(({ call }) => call === 'open');
      if (opens.length > 0) return opens;
      // Nobody says what a CPU that sleeps counts.
      if (activeOf(view).length === 0 || view.asleep !== 0 || (view.ticks ?? 0) >= MOST_TIMES) return commands;
      const time = { event: -1 } as const;
      const tick: Command = { ...time, call: 'tick', ticks: TICKS };
      if (interrupts === 'none') return [...commands, tick];
      const late =
        interrupts === 'at once' ? [] : activeOf(view).map((event): Command => ({ call: 'del', event, flags: 1 }));
      return [...commands, tick, { ...time, call: 'overflow', ticks: LATE }, ...late];
    },
  };
}

/** More than a register of 32 bits counts. */
const ROUND = 2 ** 32 + 100;

/**
 * A scope for counters that are read in two halves: time goes by until the lower half has come round, also just after a read of
 * one half, before the other is read.
 */
export function inHalves(scope: Scope): Scope {
  return {
    ...scope,
    name: `${scope.name}, while halves of counters come round`,
    commands(view) {
      const commands = scope.commands(view).filter(({ call }) => call !== 'close');
      if (activeOf(view).length === 0 || (view.ticks ?? 0) >= MOST_TIMES) return commands;
      const torn = activeOf(view).flatMap((event) =>
        [HALVES.low, HALVES.high].map((flags): Command => ({ call: 'read', event, flags })),
      );
      return [...commands, { call: 'tick', event: -1, ticks: ROUND }, ...torn];
    },
  };
}

/**
 * A leader that samples, and some siblings, opened and scheduled as one group, while time goes by: each overflow is as the machine of
 * throttling has it, and its sample may read the group. Until 6.15 a handler stops what is throttled; since 6.16 the core has by then.
 */
export function sampled(name: string, group: readonly AskedKind[], core?: '6.16'): Scope {
  const sample = core === undefined ? [SAMPLES.taken, SAMPLES.groupRead] : [];
  const throttled = core === undefined ? SAMPLES.throttled : SAMPLES.throttledWithGroup;
  return {
    name: `${name}, throttled at an overflow${core === undefined ? '' : ' with its group'}`,
    ...(core !== undefined && { core }),
    states: 4000,
    commands(view) {
      const opened = group.findIndex((_, event) => phaseOf(view, event) === 'closed');
      if (opened >= 0)
        return [{ call: 'open', event: opened, kind: group[opened]!.number, ...(opened > 0 && { leader: 0 }) }];
      const active = activeOf(view);
      if (active.length === 0) return [{ call: 'group', event: 0 }];
      const time = (view.ticks ?? 0) < MOST_TIMES;
      const calls = active.flatMap((event): Command[] => {
        const isStopped = phaseOf(view, event) === 'stopped';
        const next = enabledIn(throttling, isStopped ? 'throttled' : 'counting');
        const start: Command[] = next.includes('unthrottle') ? [{ call: 'start', event, flags: 0 }] : [];
        return [...start, { call: 'read', event }, { call: 'del', event }];
      });
      const samples = phaseOf(view, 0) === 'active' ? [...sample, throttled] : [];
      const overflows = samples.map((flags): Command => ({ call: 'overflow', event: -1, ticks: LATE, flags }));
      return time ? [...calls, { call: 'tick', event: -1, ticks: TICKS }, ...overflows] : calls;
    },
  };
}

/**
 * One event after the other until one more than there is room for, as far as is known; then the first or the last goes, and
 * what waits is added again.
 */
export function filling(name: string, kind: AskedKind, room: number, most: number): Scope {
  return {
    name,
    states: 16 * most,
    commands(view) {
      const active = activeOf(view);
      const opened = view.events.filter(({ phase }) => phase !== 'closed').length;
      const waiting = view.events.findIndex(({ phase }) => phase === 'open');
      const isFull = opened > room || opened === most;
      if (waiting < 0 && !isFull) return [{ call: 'open', event: opened, kind: kind.number }];
      const add: Command[] = waiting < 0 ? [] : [{ call: 'add', event: waiting }];
      const goes = isFull && active.length === opened - add.length ? [...new Set([active[0]!, active.at(-1)!])] : [];
      return [...add, ...goes.map((event) => ({ call: 'del' as const, event }))];
    },
  };
}

/** Groups of a leader and one sibling, of each of some kinds, each scheduled once on an idle PMU. */
export function pairing(name: string, leader: AskedKind, siblings: readonly AskedKind[]): Scope {
  return {
    name,
    states: 8 * siblings.length + 8,
    commands(view) {
      if (activeOf(view).length > 0) return [];
      const members = view.events.filter(({ phase }) => phase === 'open').length;
      if (members === 0) return [{ call: 'open', event: 0, kind: leader.number }];
      if (members > 1) return [{ call: 'group', event: 0 }];
      return siblings.map(({ number: kind }) => ({ call: 'open', event: 1, kind, leader: 0 }));
    },
  };
}

/** A group that grows as long as the driver accepts one more, of some kinds in turn; each size is scheduled once on an idle PMU. */
export function grouping(name: string, leader: AskedKind, siblings: readonly AskedKind[], most: number): Scope {
  return {
    name,
    states: 4 * most,
    commands(view) {
      if (activeOf(view).length > 0) return [];
      const members = view.events.filter(({ phase }) => phase === 'open').length;
      if (members === 0) return [{ call: 'open', event: 0, kind: leader.number }];
      const kind = siblings[(members - 1) % siblings.length]!.number;
      const grow: Command[] = members < most ? [{ call: 'open', event: members, kind, leader: 0 }] : [];
      return members > 1 ? [{ call: 'group', event: 0 }, ...grow] : grow;
    },
  };
}
