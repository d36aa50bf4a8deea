import { violatedInState } from '../../engine/check/index.ts';
import type { Property } from '../../facts/index.ts';
import { isDecidedBySearch } from '../../replay/log-verdicts.ts';
import type { Timeline } from './timeline.ts';

/** What can be said of a property along one log, up to a position. */
export type Here =
  /** After `at` facts it was broken first; `still` if the present state itself breaks it. */
  | { readonly kind: 'violated'; readonly at: number; readonly still: boolean }
  /** Only while a call is in flight: nobody who waits for the end of the call sees it. */
  | { readonly kind: 'in flight'; readonly at: number; readonly still: boolean }
  | { readonly kind: 'kept' }
  /** Nothing that it speaks of happened. */
  | { readonly kind: 'vacuous' }
  /** It speaks of what could follow, which no single log tells. */
  | { readonly kind: 'search' };

/** The verdict on a property after `at` facts of a log, which must be folded. */
export function hereOf(timeline: Timeline, property: Property, at: number): Here {
  const { world, broken, brokenInFlight, spoken } = timeline;
  const { id } = property;
  const still = (): boolean => violatedInState(world.system, property, timeline.momentAt(at).state);
  const breakAt = broken.get(id) ?? Infinity;
  if (breakAt <= at) return { kind: 'violated', at: breakAt, still: breakAt === at || still() };
  const flightAt = brokenInFlight.get(id) ?? Infinity;
  if (flightAt <= at) return { kind: 'in flight', at: flightAt, still: still() };
  if (isDecidedBySearch(property)) return { kind: 'search' };
  return (spoken.get(id) ?? Infinity) <= at ? { kind: 'kept' } : { kind: 'vacuous' };
}
