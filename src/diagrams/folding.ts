import { type Chart, type ChartState, type ChartTransition, isWithin, pruned, statesOf } from './chart.ts';
import type { Guard } from './guard.ts';

/**
 * The chart with each call and its return drawn as one transition: a state that is entered only by `X.call` and left
 * only by `X.return` is where a call is in flight, and is left out.
 */
export function foldCalls(chart: Chart): Chart {
  const inFlight = new Map<string, string>();
  for (const { id, kind } of statesOf(chart.root)) {
    const callback = kind === 'atomic' ? callbackOf(chart.transitions, id) : undefined;
    if (callback !== undefined) inFlight.set(id, callback);
  }
  const folded = chart.transitions.flatMap((call) => {
    if (inFlight.has(call.from)) return [];
    const callback = call.to === null ? undefined : inFlight.get(call.to);
    if (callback === undefined) return [call];
    const returns = chart.transitions.filter(({ from }) => from === call.to);
    return returns.map((back, index): ChartTransition => {
      const refused = back.otherwise ? returns.slice(0, index).map(({ guard }) => guard) : [];
      const guards = [call.guard, back.guard, ...refused.map((guard) => guard && ({ kind: 'not', guard } as const))];
      return {
        ...call,
        // Back where it came from: nothing that a picture needs an arrow for.
        to: back.to === call.from ? null : back.to,
        on: callback,
        guard: all(guards.filter((guard) => guard !== null)),
        otherwise: false,
        actions: [...call.actions, ...back.actions],
        steps: [...call.steps, ...back.steps],
      };
    });
  });
  const root = pruned(
    chart.root,
    (state) =>
      !inFlight.has(state.id) && !(state.states.length > 0 && state.states.every(({ id }) => inFlight.has(id))),
  );
  return { ...chart, root, transitions: folded };
}

/** The callback that is in flight in a state, if that is all that the state is. */
function callbackOf(transitions: readonly ChartTransition[], id: string): string | undefined {
  const entered = transitions.filter(({ to }) => to === id);
  const left = transitions.filter(({ from }) => from === id);
  const callback = entered[0]?.on?.split('.')[0];
  if (callback === undefined || left.length === 0) return undefined;
  const only =
    entered.every(({ on }) => on === `${callback}.call`) && left.every(({ on }) => on === `${callback}.return`);
  return only ? callback : undefined;
}

function all(guards: readonly Guard[]): Guard | null {
  const parts = guards.flatMap((guard) => (guard.kind === 'and' ? guard.guards : [guard]));
  return parts.length > 1 ? { kind: 'and', guards: parts } : (parts[0] ?? null);
}

/** The chart with each compound state that has one child only drawn as one state. */
export function foldLoners(chart: Chart): Chart {
  const renamed = new Map<string, string>();
  const fold = (state: ChartState): ChartState => {
    const states = state.states.map(fold);
    const [only] = states;
    if (state.kind !== 'compound' || state.id === '' || only?.kind !== 'atomic' || states.length > 1)
      return { ...state, states };
    renamed.set(only.id, state.id);
    const { initial: _, ...rest } = state;
    return { ...rest, kind: 'atomic', tags: [...only.tags, ...state.tags], states: [] };
  };
  const root = fold(chart.root);
  const name = (id: string): string => renamed.get(id) ?? id;
  const transitions = chart.transitions.map((transition) => ({
    ...transition,
    from: name(transition.from),
    to: transition.to === null ? null : name(transition.to),
  }));
  return { ...chart, root, transitions };
}

/** The chart with what leads from a state without others in it to itself as what stays in it: it is written there, and needs no arrow. */
export function foldLoops(chart: Chart): Chart {
  const within = new Set(statesOf(chart.root).flatMap(({ id, states }) => (states.length === 0 ? [id] : [])));
  const transitions = chart.transitions.map((transition) =>
    transition.to === transition.from && within.has(transition.from) ? { ...transition, to: null } : transition,
  );
  return { ...chart, transitions };
}

/** The chart with a transition from a state to a place inside it drawn from each place inside it. */
export function spreadInward(chart: Chart): Chart {
  const states = statesOf(chart.root);
  const transitions = chart.transitions.flatMap((transition) => {
    const { from, to } = transition;
    if (to === null || from === to || !isWithin(to, from)) return [transition];
    const places = states.filter(({ id, states: inner }) => inner.length === 0 && isWithin(id, from));
    return places.map(({ id }) => ({ ...transition, from: id, to: id === to ? null : to }));
  });
  return { ...chart, transitions };
}
