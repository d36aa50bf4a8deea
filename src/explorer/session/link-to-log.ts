import type { Fact } from '../../facts/index.ts';
import type { LogHeader } from '../../store/header.ts';
import { LONGEST, writeChoices } from './choices.ts';
import { writeLink } from './link.ts';
import { Timeline } from './timeline.ts';
import { worldOf } from './world.ts';

/**
 * What follows the `#` of an address that opens a log at its end; undefined if it is too long for one, a kernel's trace, or
 * these machines do not accept it. Throws a RangeError if there is no such model, environment or driver here.
 */
export function linkToLog(
  { model, environment, driver, config, wordBits, trace, breaks }: Omit<LogHeader, 'schema' | 'machines'>,
  facts: readonly Fact[],
  beside: { readonly port?: string } = {},
): string | undefined {
  // What a kernel counted is no choice among a few facts.
  if (trace !== undefined) return undefined;
  const subject = {
    model,
    environment,
    driver,
    ...(config && { config }),
    ...(wordBits !== undefined && { wordBits }),
  };
  const world = worldOf(subject);
  if (facts.length > LONGEST) return undefined;
  const timeline = new Timeline(world, facts);
  timeline.fold();
  if (timeline.stop !== null) return undefined;
  return writeLink({
    ...beside,
    subject,
    logs: facts.length === 0 ? [] : [writeChoices(world, facts)],
    on: 0,
    ...(breaks !== undefined && { property: breaks }),
  });
}
