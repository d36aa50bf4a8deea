import type { EventView } from '../machine.ts';
import type { Known, Step } from '../step.ts';
import type { GroundProperty } from './property.ts';

/** The events that were on the CPU which goes. */
const onIt = ({ before, command }: Step): number[] =>
  before.events.flatMap(({ phase, cpu }, event) => (phase !== 'closed' && cpu === command.event ? [event] : []));

/** The CPUs of a list as sysfs shows it: `0,2-3`. */
function cpusIn(list: string): number[] {
  return list
    .trim()
    .split(',')
    .filter(Boolean)
    .flatMap((range) => {
      const [from, to = from] = range.split('-').map(Number);
      return Array.from({ length: to! - from! + 1 }, (_, at) => from! + at);
    });
}

/** Whether it is a PMU outside of the CPUs, some event is on the one that goes, and there is what tells where its events are then. */
const speaksOf = (step: Step, { pmu }: Known): boolean =>
  pmu.uncore &&
  step.command.call === 'offline' &&
  onIt(step).length > 0 &&
  step.happenings.some(({ type }) => type === 'migrate' || type === 'cpumask');
const isOnline = (online: number, cpu: number): boolean => ((online >> cpu) & 1) === 1;

/** What a PMU outside of the CPUs does when the one goes on which its events are. */
export const HOTPLUG: readonly GroundProperty[] = [
  {
    id: 'hotplug-moves',
    statement: 'when the CPU goes that has the events of a device, they are on another one, and cpumask says so',
    severity: 'high',
    source:
      'kernel/events/core.c, perf_pmu_migrate_context() and perf_event_exit_cpu(); Documentation/core-api/cpu_hotplug.rst',
    consequence: 'The events count nothing any more, and none can be opened on the CPU that the driver names.',
    speaksOf,
    judge(step: Step, known: Known) {
      const { command, after, happenings } = step;
      if (after === undefined || !speaksOf(step, known)) return [];
      const gone = command.event;
      const moved = happenings.find(({ type }) => type === 'migrate');
      if (moved !== undefined && !isOnline(after.online, moved.to as number))
        return [
          {
            text:
              moved.to === gone
                ? `CPU ${gone} goes, and the events are moved to it, which is still in cpu_online_mask then`
                : `CPU ${gone} goes, and the events are moved to CPU ${moved.to}, which is not there`,
            at: moved.at,
          },
        ];
      const shown = happenings.find(({ type }) => type === 'cpumask');
      if (shown === undefined) return [];
      const owners = cpusIn(shown.cpus as string);
      const { at } = moved ?? shown;
      if (owners.includes(gone)) {
        const where = moved === undefined ? '' : `, though the events were moved to CPU ${moved.to}`;
        return [{ text: `CPU ${gone} has gone, and cpumask still names it${where}`, at }];
      }
      const left = onIt(step).find((event) => owners.length > 0 && !owners.includes(cpuOf(after.events[event])));
      if (left === undefined) return [];
      return [
        { text: `CPU ${gone} has gone, cpumask names CPU ${owners.join()}, and event ${left} was not moved there`, at },
      ];
    },
  },
];

const cpuOf = (event: EventView | undefined): number => event?.cpu ?? -1;
