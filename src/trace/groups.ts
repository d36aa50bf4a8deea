import type { AnyMachineSnapshot } from 'xstate';
import { group, groupAuthors } from '../../machines/group.ts';
import { initialSnapshot, step } from '../engine/compose/index.ts';
import { type Fact, WIRING } from '../facts/index.ts';
import { callText } from './call.ts';
import type { CallbackLine } from './line.ts';
import { type Disagreement, machineName } from './refusal.ts';
import type { TraceIndex } from './trace-index.ts';

/** The state of each group whose leader this driver has taken, by the id of the leader. */
export type Groups = ReadonlyMap<number, AnyMachineSnapshot>;

/**
 * The groups of a trace, each one machine that folds the facts of its own members, under their numbers in the group.
 *
 * A group ends when its leader is closed, whoever is still in it: its siblings are single events from then on. A group with
 * a leader of another PMU is not watched, since the trace does not show when that one comes and goes.
 */
export class GroupRules {
  /** By the size of a group: how it begins. */
  readonly #initial = new Map<number, AnyMachineSnapshot>();

  constructor(readonly indexTrace: TraceIndex) {}

  /** A fact with what the group of its event writes in it. */
  author(groups: Groups, line: CallbackLine, fact: Fact): Fact {
    const seat = this.#seat(line);
    const snapshot = seat && this.#snapshot(groups, seat.leader, fact);
    if (snapshot === undefined || fact.type !== 'event_init.call') return fact;
    return { ...fact, ...groupAuthors['event_init.call']!(snapshot, { ...fact, event: seat!.member }) } as Fact;
  }

  /** The groups after a fact of this line's event, or what is against it. */
  fold(groups: Groups, line: CallbackLine, fact: Fact): Groups | Disagreement {
    const seat = this.#seat(line);
    const snapshot = seat && this.#snapshot(groups, seat.leader, fact);
    if (snapshot === undefined || !WIRING[fact.type].participants.includes('group')) return groups;
    const { leader, member } = seat!;
    const leads = member === 0;
    const gone = fact.type === 'destroy.call' || (fact.type === 'event_init.return' && fact.answer !== 0);
    const next = new Map(groups);
    if (leads && gone) next.delete(leader);
    else {
      const after = step(group, this.#input(leader), snapshot, { ...fact, event: member } as Fact);
      if (after === null) return this.#disagreement(leader, snapshot, line, fact);
      next.set(leader, after);
    }
    return next;
  }

  /** What a group has against a fact; undefined if nothing. */
  against(groups: Groups, line: CallbackLine, fact: Fact): Disagreement | undefined {
    const after = this.fold(groups, line, fact);
    return 'machine' in after ? after : undefined;
  }

  /** Whether the event of a line is in a group. */
  isIn(line: CallbackLine): boolean {
    return this.#seat(line) !== undefined;
  }

  /** The leader of the event's group, and the event's number in it. */
  #seat({ id, leader = id }: CallbackLine): { leader: number; member: number } | undefined {
    const member = this.indexTrace.groups.get(leader)?.get(id);
    return member === undefined ? undefined : { leader, member };
  }

  #input(leader: number): { size: number } {
    return { size: this.indexTrace.groups.get(leader)!.size };
  }

  /** A group begins when its leader is opened. */
  #snapshot(groups: Groups, leader: number, fact: Fact): AnyMachineSnapshot | undefined {
    const begins = fact.type === 'event_init.call' && fact.event === this.indexTrace.events.get(leader);
    return groups.get(leader) ?? (begins ? this.#begin(leader) : undefined);
  }

  #begin(leader: number): AnyMachineSnapshot {
    const input = this.#input(leader);
    const known = this.#initial.get(input.size) ?? initialSnapshot(group, input);
    this.#initial.set(input.size, known);
    return known;
  }

  #disagreement(leader: number, snapshot: AnyMachineSnapshot, line: CallbackLine, fact: Fact): Disagreement {
    const next = [...this.indexTrace.groups.get(leader)!].flatMap(([id, event]) =>
      (['add.call', 'del.call'] as const)
        .filter((type) => {
          if ((type === 'add.call') === snapshot.context.active[event]) return false;
          const candidate: Fact = { type, event, hart: line.cpu, flags: 0 };
          return step(group, this.#input(leader), snapshot, candidate) !== null;
        })
        .map((type) => `${type.replace('.call', '')} of event ${id}`),
    );
    return {
      machine: machineName('group', leader),
      what: 'the order in its group',
      expected: next.length > 0 ? next.join(' or ') : 'no add or del',
      found: `${callText(fact)} of event ${line.id}`,
    };
  }
}
