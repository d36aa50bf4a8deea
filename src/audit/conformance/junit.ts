import { escapeXml } from '../../diagrams/palette.ts';
import { document, element } from '../../reports/xml.ts';
import type { Tested } from '../../subject/self-test.ts';
import { brokenCopies, type Compared, type ConformanceResult, outcomeOf } from './conformance-result.ts';
import { againText, coveredText, outcomeText, placeText, selfTestText, stepsOf, testedText } from './telling.ts';

/**
 * The conformance as JUnit XML: a test case for each model and environment, and for each broken copy of the driver.
 * A difference and a copy that is missed are failures; a search that was cut short is an error: it is no pass.
 */
export function toJunit({ compared, tested, driver, file, seconds, interrupted }: ConformanceResult): string {
  const cases = compared.map((one) =>
    element(
      'testcase',
      { classname: `conform.${one.environment.replaceAll('.', '_')}`, name: one.model.name, time: time(one) },
      [...outcome(one), element('system-out', {}, [escapeXml(coveredText(one))])],
    ),
  );
  if (interrupted)
    cases.push(
      element('testcase', { classname: 'conform', name: 'all that was asked for', time: 0 }, [error('interrupted')]),
    );
  const suites = [suite(`${file} against the model ${driver}`, cases, seconds)];
  if (tested.length > 0) suites.push(suite('self-test: broken copies of the driver', copies(tested), 0));
  return document(element('testsuites', { name: `hartproof conform ${file}` }, suites));
}

const time = ({ covered }: Compared): string => (covered.milliseconds / 1000).toFixed(3);

const error = (message: string): string => element('error', { type: 'bounded', message });

function suite(name: string, cases: readonly string[], seconds: number): string {
  const count = (kind: string): number => cases.filter((one) => one.includes(`<${kind} `)).length;
  const counts = { failures: count('failure'), errors: count('error'), skipped: count('skipped') };
  return element('testsuite', { name, tests: cases.length, ...counts, time: seconds.toFixed(3) }, cases);
}

function outcome(one: Compared): string[] {
  const { difference } = one;
  if (outcomeOf(one) === 'bounded') return [error(outcomeText(one))];
  if (difference === undefined) return [];
  const { what, model, c, place } = difference;
  const told = [
    ...stepsOf(difference, 'callbacks').map(
      ({ who, what, place, parts }, row) =>
        `${parts ? '✗' : ' '} ${row + 1}. ${who}: ${what}${place === undefined ? '' : ` (${placeText(place)})`}`,
    ),
    what,
    `model: ${model}`,
    `C:     ${c}${place === undefined ? '' : ` (${placeText(place)})`}`,
    againText(difference),
  ];
  return [
    element('failure', { type: 'difference', message: `${what}: model: ${model}; C: ${c}` }, [
      escapeXml(told.join('\n')),
    ]),
  ];
}

/** A copy that does not compile is skipped; if none compiles, nothing was tested, and that is no pass. */
function copies(tested: readonly Tested[]): string[] {
  const none = brokenCopies(tested).length === 0;
  return tested.map((one) => {
    const { mutant } = one;
    const said = none ? error(selfTestText(tested)!) : copyOutcome(one);
    const named = { classname: 'conform.self-test', name: `line ${mutant.line}: ${mutant.does}`, time: 0 };
    return element('testcase', named, said === undefined ? [] : [said]);
  });
}

function copyOutcome(one: Tested): string | undefined {
  if (one.outcome === 'noticed') return undefined;
  if (one.outcome === 'no mutant') return element('skipped', { message: testedText(one) });
  if (one.outcome === 'undecided') return error(testedText(one));
  return element('failure', { type: 'missed', message: 'this broken copy was not noticed' });
}
