import { effect, signal } from '@preact/signals';
import { type Cause, causeIn, violatedIn } from '../session/banner.ts';
import { jump, selectedProperty, view } from './store.ts';

/** The cause of the violation that is looked at, once it is found. */
const cause = signal<Cause | undefined>(undefined);

/** Which violation the cause is of. */
let sought: { readonly facts: unknown; readonly id: string } | undefined;

const present = () => {
  const { timeline } = view.value;
  const id = selectedProperty.value;
  return id === undefined ? undefined : violatedIn(timeline, id);
};

/** Looks for the cause as soon as there is a violation to look at, when the page has nothing else to do. */
effect(() => {
  const violated = present();
  const { timeline } = view.value;
  if (violated === undefined) return;
  const { facts } = timeline;
  const { id } = violated.property;
  if (sought?.facts === facts && sought.id === id) return;
  const mine = { facts, id };
  sought = mine;
  cause.value = undefined;
  setTimeout(async () => {
    const found = await causeIn(timeline, violated).catch(() => undefined);
    if (sought === mine) cause.value = found;
  });
});

/** What a counterexample shows, in words: the property, where it is violated and by whom, the cause, and what a user sees. */
export function Banner() {
  const violated = present();
  if (violated === undefined) return null;
  const { property, at, who, isInFlight } = violated;
  const { id, statement, severity, consequence } = property;
  return (
    <section class="banner" aria-label="the violation">
      <p>
        <b class="broken">
          ✗ <code>{id}</code>
        </b>{' '}
        ({severity}): {statement}.
      </p>
      <p>
        Violated after{' '}
        <button type="button" class="link broken" onClick={() => jump(at)}>
          fact {at}
        </button>{' '}
        by the {who}
        {isInFlight && ', while a call is in flight'}.{' '}
        {cause.value !== undefined && (
          <>
            Cause: {cause.value.text} (<code>{cause.value.place}</code>).{' '}
          </>
        )}
        {consequence}
      </p>
    </section>
  );
}
