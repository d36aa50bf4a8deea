import { refusesExclusion } from '../bind.ts';
import { answerOf, errnoText } from '../step.ts';
import type { GroundProperty } from './property.ts';

const ENOENT = -2;

/** What is asked of `event_init` alone. */
export const OPENING: readonly GroundProperty[] = [
  {
    id: 'type-routed',
    statement: "an event of another PMU's type is answered ENOENT, before anything else",
    severity: 'high',
    source: 'include/linux/perf_event.h, pmu::event_init; perf_init_event() asks every PMU for a type that nobody has',
    consequence:
      'perf counts something else under the name of an event that does not exist, and other PMUs are not asked.',
    speaksOf: ({ command }) => command.call === 'open',
    judge(step, { kinds, pmu }) {
      if (step.command.call !== 'open') return [];
      const kind = kinds[step.command.kind!];
      const answer = answerOf(step, 'event_init', step.command.event);
      if (kind?.why !== 'foreign' || answer === undefined || answer === ENOENT) return [];
      return [
        {
          text:
            answer === 0
              ? `event_init accepts an event of type ${kind.type}, which is not the type of this PMU (${pmu.type})`
              : `event_init answers ${errnoText(answer)}, not -ENOENT, to ${kind.name}, which is not for this PMU (its type is ${pmu.type})`,
        },
      ];
    },
  },
  {
    id: 'attributes-honoured',
    isPer: 'text',
    statement:
      'what is accepted is honoured: exclusions, precise_ip, branch stacks, sampling; or a capability makes the core refuse',
    severity: 'medium',
    source: 'perf_event_open(2); PERF_PMU_CAP_NO_EXCLUDE, PERF_PMU_CAP_NO_INTERRUPT in include/linux/perf_event.h',
    consequence: 'A user who asks for a part of what happens gets the count of all of it, and is not told.',
    speaksOf: ({ command }) => command.call === 'open',
    isApart: true,
    // Decided over two runs, one with the attribute and one without: see questionnaire.ts.
    judge: () => [],
  },
];

/** Whether a driver could be asked for an exclusion at all. */
export const mayExclude = refusesExclusion;
