import { CONDUCT } from './conduct.ts';
import { COUNTERS } from './counters.ts';
import { LIFE } from './life.ts';
import { OPENING } from './opening.ts';
import type { GroundProperty } from './property.ts';

export type { GroundProperty } from './property.ts';

/** The properties of any driver that are decided without a description of its device. */
export const GROUND_PROPERTIES: readonly GroundProperty[] = [...OPENING, ...COUNTERS, ...LIFE, ...CONDUCT];
