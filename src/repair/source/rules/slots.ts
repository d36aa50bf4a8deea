import type { DriverFile } from '../driver-file.ts';
import type { Rule } from './rule.ts';

/** What `add` takes as the index of an event, where that is the counter in `hw.config`. Throws `NotRecognised` elsewhere. */
export function indexFromConfig(driver: DriverFile): string {
  const add = driver.callback('add');
  const takes = driver.statement(add, /^[\w.>-]+idx=[\w.>-]+config;$/, 'hw.idx = hw.config');
  const [, value] = driver.written(takes).split('=');
  return value!.replace(';', '').trim();
}

/** `cpuc->events`, as a function writes it. */
function slotsIn(driver: DriverFile, callback: 'add' | 'del'): { slots: string; event: string; idx: string } {
  const definition = driver.callback(callback);
  const access = driver
    .all(['SubscriptExpression'], definition)
    .map((one) => driver.tight(one).replace(/\[.*$/, ''))
    .find((base) => base.endsWith(driver.slots));
  return {
    slots: driver.must(access, driver.nameOf(definition)!, `${driver.slots}[…]`),
    event: driver.parameter(definition),
    idx: `${driver.hw(definition)}idx`,
  };
}

/** `add` looks whether the counter of the event is free. */
export const choosesByCounter: Rule = (driver) => {
  const add = driver.callback('add');
  const full = driver.statement(add, /^if\(.*n_events.*\)return-ENOSPC;$/, 'if (… n_events …) return -ENOSPC');
  const { slots } = slotsIn(driver, 'add');
  driver.edits.replace(driver.condition(full), `(${slots}[${indexFromConfig(driver)}])`);
  driver.edits.before(full, '/* No other counter can count it. */');
};

/** `add` leaves an event alone that is in its slot already. */
export const addsOnce: Rule = (driver) => {
  const add = driver.callback('add');
  const { slots, event, idx } = slotsIn(driver, 'add');
  const [first] = driver.statements(add);
  driver.guard(
    first!,
    `/* It has been added already. */\nif (${idx} >= 0 && ${slots}[${idx}] == ${event})\n\treturn 0;\n`,
  );
};

/** `del` leaves an event alone that is not in its slot. */
export const deletesOnlyAdded: Rule = (driver) => {
  const del = driver.callback('del');
  const { slots, event, idx } = slotsIn(driver, 'del');
  const [first] = driver.statements(del);
  driver.guard(first!, `/* It has not been added. */\nif (${idx} < 0 || ${slots}[${idx}] != ${event})\n\treturn;\n`);
};
