import { NotRecognised } from '../c-file.ts';
import type { Rule } from './rule.ts';

/** `stop` copes with an event that is stopped already. */
export const toleratesStopped: Rule = (driver) => {
  const stop = driver.callback('stop');
  driver.edits.remove(
    driver.statement(stop, /^WARN_ON(_ONCE)?\([^!]*&PERF_HES_STOPPED\);$/, 'WARN_ON_ONCE(… & PERF_HES_STOPPED)'),
  );
};

/** `start` leaves a running event alone without a word. */
export const toleratesRunning: Rule = (driver) => {
  const start = driver.callback('start');
  const warns = driver.statement(
    start,
    /^if\(WARN_ON(_ONCE)?\(!\(.*PERF_HES_STOPPED\)\)\)return;$/,
    'if (WARN_ON_ONCE(!(… & PERF_HES_STOPPED))) return',
  );
  const [call] = driver.all(['CallExpression'], driver.condition(warns));
  driver.edits.replace(call!, driver.written(call!.getChild('ArgumentList')!).slice(1, -1));
};

/** `stop` always reads the counter. */
export const updatesAtEachStop: Rule = (driver) => {
  const stop = driver.callback('stop');
  const reads = driver.statement(stop, /^if\(.*&PERF_EF_UPDATE\)&&/, 'if ((flags & PERF_EF_UPDATE) && …)');
  const condition = driver.condition(reads);
  driver.edits.replace(condition, driver.written(condition).replace(/\(\s*\w+\s*&\s*PERF_EF_UPDATE\s*\)\s*&&\s*/, ''));
  driver.edits.before(reads, '/* The counter goes on: it is read now or too late. */');
};

/** `read` leaves a stopped event alone; whoever stops one still updates it. */
export const readsOnlyRunning: Rule = (driver) => {
  const { edits } = driver;
  const read = driver.callback('read');
  const name = driver.nameOf(read)!;
  const update = name.includes('read') ? name.replace(/read(?!.*read)/, 'update') : `${name}_update`;
  if (new RegExp(`\\b${update}\\b`).test(driver.text))
    throw new NotRecognised(driver.source.path, `there is a ${update} already`);
  const [title] = read.getChild('FunctionDeclarator')!.getChildren('Identifier');
  edits.replace(title!, update);
  for (const call of driver.all(['CallExpression'])) {
    const callee = call.firstChild!;
    if (driver.tight(callee) === name) edits.replace(callee, update);
  }
  const head = driver.written({ from: read.from, to: title!.from });
  edits.after(
    read,
    `
/* A stopped event was updated when it stopped, and the counter goes on. */
${head}${name}(struct perf_event *event)
{
	if (!(event->hw.state & PERF_HES_STOPPED))
		${update}(event);
}`,
  );
};

/** `start` always takes a fresh `prev_count`. */
export const startsFresh: Rule = (driver) => {
  const start = driver.callback('start');
  const keeps = driver.statement(
    start,
    /^if\((local64_read\(.*prev_count\)==0|!local64_read\(.*prev_count\))\)\{?local64_set\(.*\);\}?$/,
    'if (local64_read(… prev_count) == 0) local64_set(…)',
  );
  const [sets] = driver.branch(keeps);
  driver.edits.replaceStatement(keeps, driver.edits.lines(sets!));
};

/** `start` publishes the user page when all that it says is known. */
export const publishesLast: Rule = (driver) => {
  const { edits } = driver;
  const start = driver.callback('start');
  const publishes = driver.statement(start, /^perf_event_update_userpage\(/, 'perf_event_update_userpage(…)');
  const sets = driver
    .statements(start)
    .findLast((one) => one.from > publishes.from && /\blocal64_set\(.*prev_count\b/.test(driver.tight(one)));
  edits.after(
    driver.must(sets, driver.nameOf(start)!, 'local64_set(… prev_count …) behind perf_event_update_userpage(…)'),
    `\n${edits.lines(publishes)}`,
  );
  edits.remove(publishes);
};
