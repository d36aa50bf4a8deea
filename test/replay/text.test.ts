import { stripVTControlCharacters } from 'node:util';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { PROPERTIES } from '../../models/index.ts';
import { outcomeOf, type Replayed, rowsText, sequenceOf, verdictLines } from '../../src/cli/replay-text.ts';
import { excerptOf } from '../../src/findings/excerpt.ts';
import { rowsOf } from '../../src/findings/rows.ts';
import { traceOf } from '../../src/findings/trace.ts';
import { canBeAsked, logVerdicts } from '../../src/replay/log-verdicts.ts';
import { headerOf, systemOf } from '../../src/replay/recorded.ts';
import { runAtRandom } from '../../src/simulate/random.ts';
import { Simulation } from '../../src/simulate/simulation.ts';

const subject = { model: 'two-counting', environment: '4.16', driver: 'as-posted', wordBits: 64 };
const system = systemOf(subject);
const simulation = new Simulation(system);
runAtRandom(simulation, 4000, 3);
const { log } = simulation;
const properties = PROPERTIES.filter((property) => canBeAsked(property, system));

const replayed = (more: Partial<Replayed> = {}, at = log.length): Replayed => ({
  system,
  header: headerOf(subject),
  facts: log.slice(0, at),
  total: log.length,
  verdicts: logVerdicts(system, log, properties, { at }),
  rows: 5,
  detail: 'callbacks',
  ...more,
});

const shown = suite('what a replay shows');

shown('an excerpt stands as it does in the whole log', () => {
  const { marks } = replayed().verdicts;
  assert.is(marks.length, 5);
  for (const detail of ['facts', 'callbacks'] as const) {
    const whole = rowsOf(traceOf(system, log), { detail });
    for (const [from, to] of [
      [1, 50],
      [1700, 1800],
      [3950, 4000],
    ] as const) {
      const part = rowsOf(excerptOf(system, log, marks, from, to), { detail });
      const isInside = ({ position }: { position: number }) => position >= from && position < to - 60;
      assert.equal(part.filter(isInside), whole.filter(isInside));
    }
  }
});

shown('what a header calls undecided is no pass, and what is violated stays violated', () => {
  const whole = outcomeOf(replayed());
  const [broken] = whole.violated;
  const [kept] = whole.held;
  const header = { ...headerOf(subject), undecided: [broken!.property, kept!] };
  const outcome = outcomeOf(replayed({ header }));
  assert.equal(outcome.violated, [{ ...broken!, inferred: true }, ...whole.violated.slice(1)]);
  assert.equal(outcome.held, whole.held.slice(1));
  assert.equal(outcome.hidden, [kept!]);
  const lines = verdictLines(replayed({ header }));
  const at = `✗ ${broken!.property} is violated at fact ${broken!.position}`;
  assert.ok(lines.some((line) => line.startsWith(at) && line.includes('its header says')));
  assert.ok(lines.some((line) => line.startsWith(`? ${kept!}: undecided, as the log says`)));
  assert.not(verdictLines(replayed()).some((line) => line.includes('header')));
});

shown('the last rows are shown, or those from a fact on, and how many facts are not', async () => {
  const last = await rowsText(replayed(), 'text');
  assert.match(
    last,
    /^two-counting, 4\.16, as-posted: 4,000 facts\n\([\d,]+ facts before these; --from \d+ goes back\)\n/,
  );
  assert.not.match(last, 'after these');
  const middle = await rowsText(replayed({ from: 2000 }), 'text');
  const rows = middle.split('\n').filter((line) => /^[ ✗] +\d+ {2}\S/.test(line));
  assert.is(rows.length, 5);
  assert.ok(Number.parseInt(rows[1]!.slice(2), 10) > 2000);
  assert.match(middle, /\([\d,]+ facts after these; --from \d+ goes on\)/);
  const goesOn = Number(/--from (\d+) goes on/.exec(middle)![1]);
  assert.match(await rowsText(replayed({ from: goesOn }), 'text'), new RegExp(`\n[ ✗] +${goesOn} `));
});

shown('all rows of a short log are shown, as text and as a table, and the breaking one is marked', async () => {
  const { breaks } = replayed().verdicts;
  const { position, property } = breaks[0]!;
  for (const format of ['text', 'table'] as const) {
    const text = stripVTControlCharacters(await rowsText(replayed({ rows: 100 }, position), format));
    assert.match(text, `${position} facts\n`);
    assert.not.match(text, 'before these');
    assert.match(text, /✗ *\d+ +hart 0/);
    assert.match(text, `✗ ${property} is violated at fact ${position}.`);
  }
});

shown('a log without a break says so', async () => {
  const said = await rowsText(replayed({}, 1), 'text');
  assert.match(
    said,
    /No property that can be judged along a log is violated in it.\n(Not decided .*\n)?Nothing that they speak of happened: /,
  );
  assert.not.match(said, 'Held: ');
  assert.match(await rowsText(replayed(), 'text'), /^Held: .*references-balance.*\.$/m);
});

shown('the state at the end is shown when it is asked for', async () => {
  const said = await rowsText(replayed({ showsEnd: true }), 'text');
  assert.match(said, /^After 4,000 facts:\n {2}perf_irq +\S.*\n/m);
  const cycle = system.partOf('hart', 0)!;
  assert.match(said, new RegExp(`^ {2}hart 0 cycle +${replayed().verdicts.state[cycle]!.context.cycle}$`, 'm'));
  assert.not.match(await rowsText(replayed(), 'text'), 'After 4,000');
});

shown('a sequence diagram holds the last facts, and marks the break', async () => {
  const { position, property } = replayed().verdicts.breaks[0]!;
  const mermaid = await sequenceOf(replayed({}, position), false);
  assert.match(mermaid, /^sequenceDiagram\n/);
  assert.match(mermaid, `violated#58; ${property}`);
  assert.match(mermaid, `%% ✗ ${property} is violated at fact ${position}.`);
  const long = await sequenceOf(replayed({ detail: 'facts' }), true);
  assert.match(long, '<title>two-counting, 4.16, as-posted, facts 3501 to 4000</title>');
  assert.is(long.match(/class="step"/g)?.length, 500);
  // By callbacks, calls and ticks are folded.
  const folded = (await sequenceOf(replayed(), true)).match(
    / ticks: | class="step" data-from="(\d+)" data-to="(?!\1")/g,
  );
  assert.ok(folded !== null && folded.length > 20);
});

shown('what happens in a callback that began before the diagram is drawn on its hart', async () => {
  const call = log.findIndex(({ type }) => type === 'del.call');
  const mermaid = await sequenceOf(replayed({ from: call + 3 }, call + 6), false);
  assert.match(mermaid, 'as hart 0');
  assert.not.match(mermaid, 'task of event');
});

shown('as many facts are drawn as fold to steps that can be looked at', async () => {
  const many = await sequenceOf(replayed({ from: 3101 }), true);
  const steps = many.match(/class="step"/g)!.length;
  assert.ok(steps > 250 && steps <= 500, `${steps}`);
  assert.match(many, 'facts 3101 to 4000');
});

shown('more facts than can be looked at are refused, with what to say instead', async () => {
  let said = '';
  await sequenceOf(replayed({ from: 10 }), false).catch((error: Error) => {
    said = error.message;
  });
  assert.match(said, /steps \(3991 facts\) cannot be looked at.*--from 10 --at 509/);
});

shown.run();
