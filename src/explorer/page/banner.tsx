import { effect, signal } from '@preact/signals';
import type { Place } from '../../findings/trace.ts';
import { type Cause, causeIn, violatedIn } from '../session/banner.ts';
import type { Found } from '../session/found.ts';
import { textOfLine } from './code-shown.ts';
import { found, told } from './finding.ts';
import { jump, selectedProperty, view } from './store.ts';

/** The cause of the violation that is looked at, once it is found. */
const cause = signal<Cause | undefined>(undefined);

/** Which violation the cause is of. */
let sought: { readonly facts: unknown; readonly id: string } | undefined;

const present = () => {
  const { timeline } = view.value;
  const id = selectedProperty.value;
  return id === undefined || told.value !== undefined ? undefined : violatedIn(timeline, id);
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
  const { value: finding } = found;
  cause.value = finding?.facts === facts && finding.rule.id === id ? causeOf(finding) : undefined;
  if (cause.value !== undefined) return;
  setTimeout(async () => {
    const known = await causeIn(timeline, violated).catch(() => undefined);
    if (sought === mine) cause.value = known;
  });
});

const causeOf = ({ cause: text, where, place }: Found): Cause => ({ text, where, ...(place && { place }) });

/** What a counterexample shows, in words: the property, where it is violated and by whom, the cause, and what a user sees. */
export function Banner() {
  if (told.value !== undefined) return <ToldBanner finding={told.value.finding} />;
  const violated = present();
  if (violated === undefined) return null;
  const { property, at, who, isInFlight } = violated;
  return (
    <Violation
      rule={property}
      at={at}
      who={`the ${who}`}
      remark={isInFlight ? ', while a call is in flight' : ''}
      cause={cause.value}
    />
  );
}

/** The same of a finding that is told as its report tells it. */
function ToldBanner({ finding }: { finding: Found }) {
  const { rule, steps } = finding;
  const step = steps.findLast(({ violates }) => violates) ?? steps.at(-1);
  return (
    <Violation rule={rule} at={step?.position ?? 0} who={step?.who ?? ''} remark="" cause={causeOf(finding)} isTold />
  );
}

interface ViolationProps {
  readonly rule: Found['rule'];
  readonly at: number;
  readonly who: string;
  readonly remark: string;
  readonly cause: Cause | undefined;
  readonly isTold?: boolean;
}

function Violation({ rule, at, who, remark, cause: why, isTold = false }: ViolationProps) {
  const { id, statement, severity, consequence } = rule;
  return (
    <section class="banner" aria-label="the violation">
      <p>
        <b class="broken">
          ✗ <code>{id}</code>
        </b>{' '}
        ({severity}): {statement}. Violated {isTold ? 'at' : 'after'}{' '}
        <button type="button" class="link broken" onClick={() => jump(at)}>
          {isTold ? 'step' : 'fact'} {at}
        </button>
        {who !== '' && ` by ${who}`}
        {remark}. <span class="consequence">{consequence}</span>
      </p>
      <p class="cause">
        {why === undefined ? <span class="note">Looking for the cause …</span> : <CauseText cause={why} />}
      </p>
    </section>
  );
}

function CauseText({ cause: { text, where, place } }: { cause: Cause }) {
  return (
    <>
      Cause: {text}
      {where !== '' && (
        <>
          {' '}
          (<code>{where}</code>)
        </>
      )}
      .{place !== undefined && <LineOf place={place} />}
    </>
  );
}

/** The line of the C that is to blame, as far as it is known. */
function LineOf({ place }: { place: Place }) {
  const text = textOfLine(place);
  if (text === undefined || text === '') return null;
  return (
    <code class="blamed">
      <span class="number">{place.lines[0]}</span> {text}
    </code>
  );
}
