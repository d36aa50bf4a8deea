import { refuse } from './refuse.ts';
import type { Rule } from './rule.ts';
import { indexFromConfig } from './slots.ts';

/** A group that can never be counted together is refused when it is opened. */
export const refusesUnfitGroups: Rule = (driver) => {
  const init = driver.callback('event_init');
  const { code } = driver.mapping();
  const event = driver.parameter(init);
  // Only where each event has one counter is a group unfit when two of its events have the same.
  indexFromConfig(driver);
  const fits = `${driver.nameOf(init)!.replace(/_?init$/, '')}_fits_group`;
  driver.edits.before(
    driver.withComment(init),
    `/* The events of a group are counted together: each needs a counter of its own. */
static bool ${fits}(struct perf_event *event, int counter)
{
	struct perf_event *leader = event->group_leader;
	struct perf_event *sibling;

	if (leader == event)
		return true;

	if (leader->pmu == event->pmu && leader->hw.config == counter)
		return false;

	for_each_sibling_event(sibling, leader) {
		if (sibling->pmu == event->pmu && sibling->hw.config == counter)
			return false;
	}

	return true;
}
`,
  );
  refuse(driver, 'Such a group would never be counted.', `!${fits}(${event}, ${code})`, 'EINVAL');
};
