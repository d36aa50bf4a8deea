import type { ComponentChildren } from 'preact';
import type { Fact, Property, Verdict } from '../../facts/index.ts';
import { adopt, isSameLog } from '../session/branches.ts';
import { type Here, hereOf } from '../session/properties.ts';
import { jump, selectedProperty, update, view } from './store.ts';

/** What this log says of a property; a search adds what it found of the very path that one is at the end of. */
export function HereMark({ property, verdict }: { property: Property; verdict: Verdict | undefined }) {
  const { timeline, at } = view.value;
  const here = hereOf(timeline, property, at);
  // What a log says of itself makes nothing that is violated another thing.
  const isDoubted = timeline.world.subject.undecided?.includes(property.id) && here.kind !== 'violated';
  if (isDoubted && !(here.kind === 'in flight' && here.still))
    return (
      <span class="passing" title="the log says that its recording did not show enough of it">
        undecided
      </span>
    );
  const found = verdict?.verdict === 'violated' ? verdict.counterexample : undefined;
  const isFound = [found, found?.lasting].some((log) => log && isSameLog(log.facts, timeline.facts.slice(0, at)));
  if (isFound && here.kind !== 'in flight') return <span class="broken">✗ violated here</span>;
  return <HereText here={here} at={at} />;
}

function HereText({ here, at }: { here: Here; at: number }) {
  switch (here.kind) {
    case 'violated':
      return here.at === at ? (
        <span class="broken">✗ violated here</span>
      ) : (
        <button
          type="button"
          class="link broken"
          onClick={() => jump(here.at)}
          title="go to the fact that broke it first"
        >
          ✗ violated at {here.at}
        </button>
      );
    case 'in flight':
      return here.still ? (
        <span class="broken" title="violated while a call is in flight: it may not last">
          ✗ in flight
        </span>
      ) : (
        <span class="kept">✓ kept</span>
      );
    case 'kept':
      return <span class="kept">✓ kept</span>;
    case 'vacuous':
      return <span class="note">vacuous</span>;
    case 'search':
      return (
        <span class="note" title="it speaks of what can follow, which a search decides">
          by search
        </span>
      );
  }
}

/** What a search says of a property, with a way to the counterexample. */
export function Overall({ id, verdict }: { id: string; verdict: Verdict | undefined }) {
  if (verdict === undefined) return <span class="note">open</span>;
  if (verdict.verdict === 'holds') return <span class="kept">✓ holds</span>;
  if (verdict.verdict === 'vacuous') return <span class="note">vacuous</span>;
  if (verdict.verdict === 'bounded') return <span class="passing">bounded</span>;
  if (verdict.verdict === 'probable') return <span class="passing">probable</span>;
  const { facts, onlyInFlight, lasting } = verdict.counterexample;
  const worth = onlyInFlight || lasting ? ', while a call is in flight' : '';
  return (
    <>
      <LogLink id={id} facts={facts} title={`go to the shortest log that breaks it${worth}`} />
      {lasting && (
        <LogLink id={id} facts={lasting.facts} title="go to the shortest log after which it stays violated">
          {' '}
          that lasts
        </LogLink>
      )}
    </>
  );
}

/** Goes to a log that violates a property. */
function LogLink({
  id,
  facts,
  title,
  children,
}: {
  id: string;
  facts: readonly Fact[];
  title: string;
  children?: ComponentChildren;
}) {
  return (
    <button
      type="button"
      class="link broken"
      title={title}
      onClick={() => {
        selectedProperty.value = id;
        update((session) => adopt(session, facts, id));
      }}
    >
      ✗ {facts.length} {facts.length === 1 ? 'fact' : 'facts'}
      {children}
    </button>
  );
}
