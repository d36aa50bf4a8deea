import { NotRecognised } from '../c-file.ts';
import type { DriverFile } from '../driver-file.ts';

/**
 * Has `event_init` refuse an event that is for this PMU, once it is mapped and before anything is reserved for it.
 * `condition` may have several lines.
 */
export function refuse(driver: DriverFile, why: string, condition: string, errno: string): void {
  const reserving = driver.reserving();
  if (driver.failing().to > reserving.from)
    throw new NotRecognised(
      driver.nameOf(driver.callback('event_init'))!,
      'it reserves the PMC before it maps the event',
    );
  driver.guard(reserving.first, `/* ${why} */\nif (${condition})\n\treturn -${errno};\n`);
}
