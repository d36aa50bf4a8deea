import type { DriverFile } from '../driver-file.ts';

/**
 * Makes a change in a driver's C: it says what to edit, or throws `NotRecognised` where it does not find what it looks for.
 * Rules look for statements by their shape and their part in the driver, so that they find them in your C as well.
 */
export type Rule = (driver: DriverFile) => void;
