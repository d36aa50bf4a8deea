import { BINDING } from './binding.ts';
import { CONDUCT } from './conduct.ts';
import { COUNTERS } from './counters.ts';
import { DEVICE } from './device.ts';
import { HOTPLUG } from './hotplug.ts';
import { LIFE } from './life.ts';
import { OPENING } from './opening.ts';
import { POWER } from './power.ts';
import type { GroundProperty } from './property.ts';
import { THROTTLING } from './throttling.ts';
import { DEVICES_APART } from './two-devices.ts';
import { USER_PAGE } from './user-page.ts';

export type { GroundProperty } from './property.ts';

/** The properties of any driver; the last of them are decided only where its device is described. */
export const GROUND_PROPERTIES: readonly GroundProperty[] = [
  ...OPENING,
  ...COUNTERS,
  ...LIFE,
  ...CONDUCT,
  ...BINDING,
  DEVICES_APART,
  ...HOTPLUG,
  ...POWER,
  ...DEVICE,
  ...THROTTLING,
  ...USER_PAGE,
];
