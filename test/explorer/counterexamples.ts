import * as assert from 'uvu/assert';
import { findingsInJson, findingsOf } from '../../src/explorer/findings-file.ts';
import type { FindingsFile } from '../../src/explorer/session/found.ts';
import { chosen, explorer, looking, MODEL, page, position, RACE, text } from './in-page.ts';
import { press, until } from './opened.ts';

/** Half of a driver of our own: what a page that is served may show. */
const CODE = `${'\n'.repeat(388)}\tif (atomic_inc_return(&active) == 1)\n\t\terr = reserve();\n\n\n\t\tpr_warn("busy <&>");\n`;

for (const [width, height] of [
  [1280, 720],
  [400, 720],
] as const)
  page(
    `a link to a counterexample shows what is violated, the cause and its line of C at ${width} by ${height} without scrolling`,
    async () => {
      explorer?.put('source.json', JSON.stringify({ files: [{ path: 'perf_event.c', text: CODE }] }));
      await explorer?.look(
        `${RACE}&at=24&property=busy-is-true&code=source.json`,
        async (opened) => {
          const banner = opened.getByRole('region', { name: 'the violation' });
          await banner.filter({ hasText: 'Cause: ' }).waitFor();
          const said = (await banner.textContent())!;
          assert.match(said, /^✗ busy-is-true \(high\): EBUSY only when another owner holds the PMC\./);
          assert.match(said, /Violated after fact 26 by the task of event 1\./);
          assert.match(said, /Cause: .+ \(riscv_\w+, perf_event\.c:\d+-\d+\)\.389 if \(atomic_inc_return/);
          assert.match(said, /perf_event_open fails with EBUSY/);
          // Above what is fixed to the bottom of a narrow page.
          for (const part of [banner, banner.locator('.cause'), banner.locator('.blamed')]) {
            const { y, height: high } = (await part.boundingBox())!;
            assert.ok(y > 0 && high > 0 && y + high < 660, `${y}, ${high}`);
          }
          assert.is(await opened.evaluate('scrollY'), 0);
          assert.is(await text(opened, '#code [aria-current=step]'), '393\t\tpr_warn("busy <&>");');
          await until(opened, 'location.hash.includes("code=source.json")');
          await banner.getByRole('button', { name: 'fact 26' }).click();
          assert.is(await position(opened), '26');
        },
        { width, height },
      );
    },
  );

looking('without the text, the C says what its lines do', `${RACE}&at=24`, async (opened) => {
  assert.is(await text(opened, '#code [aria-current=step]'), '393pr_warn("PMC hardware busy")');
  assert.is(await text(opened, '#code .caption'), 'riscv_event_init, perf_event.c:393');
  assert.match(await text(opened, '#code header'), /--source FILE\.c/);
  const box = (await opened.locator('#code .scrolls').boundingBox())!;
  const line = (await opened.locator('#code [aria-current]').boundingBox())!;
  assert.ok(line.y >= box.y && line.y + line.height <= box.y + box.height, 'the line is in view');
  await opened.evaluate(`location.hash = ${JSON.stringify(MODEL)}`);
  await opened.locator('#code .note', { hasText: 'The lines that the log comes by are told here.' }).waitFor();
});

looking('steps over and out of a call, and by its task, and back', `${RACE}&at=0`, async (opened) => {
  const places: string[] = [];
  for (const key of ['l', 'k', 'k', 'u', 'w', 'w', 'W', 'K']) {
    await press(opened, key);
    places.push(await position(opened));
  }
  const [over, , inside, out, next, , back] = places.map(Number);
  assert.ok(over! > 1 && inside === over! - 2);
  assert.is(out, over);
  assert.ok(next! > out!);
  assert.is(back, next);
});

looking('Back goes back to where one was, and all branches are kept', RACE, async (opened) => {
  await press(opened, 'g');
  await until(opened, 'location.hash.endsWith("at=0")');
  await press(opened, 'j', 'j');
  await until(opened, 'location.hash.endsWith("at=2")');
  await opened.locator('#next .possible button').filter({ hasNotText: 'as in the log' }).first().click();
  await until(opened, 'location.hash.split("log=").length === 3');
  await opened.goBack();
  await until(opened, 'document.querySelector(".steps input").value === "2"');
  assert.is(await opened.locator('.branches option').count(), 2);
  await opened.goForward();
  await until(opened, 'document.querySelector(".steps input").value === "3"');
});

looking('a panel is enlarged, hidden, moved and put back', RACE, async (opened) => {
  const shown = (): Promise<string[]> => opened.locator('main section').evaluateAll((all) => all.map(({ id }) => id));
  const before = await shown();
  await opened.locator('#state .mover').focus();
  await press(opened, 'z');
  assert.equal(await shown(), ['state']);
  await press(opened, 'Escape');
  assert.equal(await shown(), before);
  await opened.locator('#state .mover').focus();
  await press(opened, 'ArrowLeft');
  assert.is(await opened.locator('.column').nth(1).locator('#state').count(), 1);
  await opened.locator('#next [aria-label="Next facts: hide (x)"]').click();
  assert.not.ok((await shown()).includes('next'));
  assert.is(await text(opened, '.menu summary'), 'Panels: 1 hidden');
  await opened.locator('#log .mover').dragTo(opened.locator('#properties .scrolls'));
  assert.is(await opened.locator('.column').nth(2).locator('#log').count(), 1);
  for (const name of await shown()) await opened.locator(`#${name} [aria-label$=": hide (x)"]`).click();
  assert.match(await text(opened, 'main'), /^Every panel is hidden/);
  await opened.locator('.menu summary').click();
  await opened.locator('.menu input').first().focus();
  await press(opened, 'Escape');
  assert.is(await opened.locator('.menu[open]').count(), 0);
  await opened.locator('.menu summary').click();
  await opened.locator('.menu button').click();
  assert.equal(await shown(), before);
  await opened.locator('h1').click();
  assert.is(await opened.locator('.menu[open]').count(), 0);
});

looking('copies the link to where one is, and moves nothing to say so', `${RACE}&at=24`, async (opened) => {
  await opened.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const places = () =>
    opened.locator('.panel, .actions > *').evaluateAll((all) => all.map((one) => `${one.getBoundingClientRect().x}`));
  const before = await places();
  await press(opened, 'y');
  await opened.locator('.actions button', { hasText: 'Copied' }).waitFor();
  assert.equal(await places(), before);
  assert.match(String(await opened.evaluate('navigator.clipboard.readText()')), /#version=.*&at=24$/);
  await explorer!.put('wrong.jsonl', 'no log');
  await opened.evaluate("location.hash = 'file=wrong.jsonl'");
  await opened.locator('[role=alert] button').click();
  assert.is(await opened.locator('[role=alert] p').count(), 0);
});

looking('a chart is zoomed, fitted and panned', `${RACE}&at=24`, async (opened) => {
  await opened.locator('#chart svg').waitFor();
  const width = async (): Promise<number> => (await opened.locator('#chart svg').boundingBox())!.width;
  const before = await width();
  await opened.locator('#chart').focus();
  await press(opened, '+', '+');
  assert.ok((await width()) > before * 1.4);
  const scrolled = () => opened.locator('#chart').evaluate(({ scrollTop }) => scrollTop);
  const top = await scrolled();
  const box = (await opened.locator('#chart').boundingBox())!;
  await opened.mouse.move(box.x + 60, box.y + 60);
  await opened.mouse.down();
  await opened.mouse.move(box.x + 60, box.y + 90);
  await opened.mouse.up();
  assert.is(await scrolled(), Math.max(0, top - 30));
  await opened.locator('#machines .zoom button', { hasText: 'Fit' }).click();
  const { height } = (await opened.locator('#chart svg').boundingBox())!;
  assert.ok(height <= box.height, 'all of it is seen');
});

/** A finding that no machines follow, with what its steps change. */
const TOLD: FindingsFile = findingsOf({
  subject: 'mine_pmu.c',
  findings: [
    {
      ...{ id: 'add-clean/mine_add', cause: 'add answers 0 twice', where: 'mine_add, mine_pmu.c:7', reach: '' },
      rule: {
        id: 'add-clean',
        statement: 'add is clean',
        severity: 'high',
        source: '',
        consequence: 'Counts are lost.',
      },
      ...{
        place: { function: 'mine_add', lines: [7, 7], file: 'mine_pmu.c' },
        reachable: true,
        cores: [],
        remarks: [],
      },
      counterexamples: [
        {
          ...{ id: 'log', rule: 'add-clean', title: 'Shortest path', scope: 'alone', others: [], length: '2 calls' },
          ...{ lasts: true, ending: 'this call violates the property.' },
          steps: () =>
            [1, 2].map((position) => ({
              ...{
                position,
                end: position,
                who: 'hart 0',
                what: `add ${position}`,
                where: '',
                violates: position === 2,
              },
              changed: [`event 0 idx: ${position - 2} → ${position - 1}`],
              place: { function: 'mine_add', lines: [6 + position, 6 + position] as const, file: 'mine_pmu.c' },
            })),
        },
      ],
      properties: {},
    },
  ],
});

page('a finding that no machines follow is opened by its name and told, with its C beside it', async () => {
  if (explorer === undefined) return;
  const [finding] = TOLD.findings;
  const code = [{ path: 'mine_pmu.c', lines: { 7: '\treturn 0;', 8: '\treturn <b>1</b>;' } }];
  explorer.put('findings.json', JSON.stringify({ ...TOLD, code }));
  await explorer.look(finding!.token, async (opened) => {
    const banner = opened.getByRole('region', { name: 'the violation' });
    assert.match((await banner.textContent())!, /^✗ add-clean \(high\): add is clean\. Violated at step 2 by hart 0\./);
    assert.match((await banner.textContent())!, /Cause: add answers 0 twice \(mine_add, mine_pmu\.c:7\)\.7 return 0;$/);
    assert.is(await position(opened), '2');
    assert.is(await text(opened, '#code [aria-current]'), '8\treturn <b>1</b>;');
    assert.is(await text(opened, '#state .changed'), 'event 0 idx1changed, was 0');
    await press(opened, 'k');
    assert.is(await text(opened, '#code [aria-current]'), '7\treturn 0;');
    assert.is(await text(opened, '#log [aria-selected=true] .what'), 'hart 0: add 1');
    await until(opened, `location.hash.endsWith("finding=${encodeURIComponent(finding!.token)}&at=1")`);
    await opened.evaluate('location.hash = "finding=hp:ffffff"');
    await opened
      .locator('[role=alert] p', { hasText: `There is no finding hp:ffffff here: there are ${finding!.token}` })
      .waitFor();
    await opened.getByRole('combobox', { name: 'finding' }).selectOption(finding!.token);
    await banner.waitFor();
  });
  // By its id, too, as static files below some path.
  const elsewhere = (await explorer.below('/a/b/'))!;
  for (const name of [finding!.token, `finding=${encodeURIComponent(finding!.id)}`])
    await explorer.lookAt(`${elsewhere.url}index.html#${name}`, async (opened) => {
      await opened.getByRole('region', { name: 'the violation' }).filter({ hasText: 'add-clean' }).waitFor();
    });
  await elsewhere.close();
});

looking(
  'release before the mutex: a switch, the same calls on the changed driver beside the log, and the first difference',
  `${RACE}&property=busy-is-true`,
  async (opened) => {
    await press(opened, 'v');
    const decision = opened.getByRole('switch', {
      name: /^the count and perf_irq change together, inside pmc_reserve_mutex/,
    });
    await decision.check();
    const panel = (await opened.locator('.decisions').boundingBox())!;
    const told = (await opened.locator('.decisions .parts').boundingBox())!;
    assert.ok(told.y >= panel.y && told.y + told.height <= panel.y + panel.height, 'the first difference is in view');
    const said = await text(opened, '.decisions .caption');
    assert.match(said, /^The same calls make another log from fact 2 on\./);
    assert.match(said, /busy-is-true: violated after fact 26 here, kept there\./);
    const parts = opened.locator('.beside .parts');
    assert.match((await parts.textContent())!, /^2first differenceevent 0: atomic_inc_return.*mutex_lock/);
    assert.is(await text(opened, '.steps .of'), 'of 26', 'the log is kept');
    await opened.locator('.decisions .caption button').click();
    await until(opened, 'location.hash.includes("driver=as-posted%2BcountsUnderMutex")');
    assert.not.match(await text(opened, '#log'), /✗/);
    await opened.goBack();
    await until(opened, 'document.querySelector(".steps .of").textContent === "of 26"');
    assert.is(await opened.locator('.subject select').nth(2).inputValue(), 'as-posted');
    await decision.uncheck();
    assert.is(await opened.locator('.beside').count(), 0);
  },
);

looking('the machine room shows who holds what, and what the last fact changed', `${RACE}&at=22`, async (opened) => {
  await press(opened, 'r');
  const cell = (of: string) => opened.locator(`#room [data-of="${of}"]`);
  assert.match((await cell('riscv_active_events').getAttribute('class'))!, /filled differs/);
  assert.match((await cell('riscv_active_events').textContent())!, /2$/);
  assert.not.match((await cell('mutex').getAttribute('class'))!, /filled/);
  await press(opened, 'g', 'r');
  assert.is(await opened.locator('#room').count(), 0);
});

page('of a described device the machine room has the registers, and what each step changes in them', async () => {
  if (explorer === undefined) return;
  const steps = ['event_init(event 0) = 0', 'add(event 0) = 0', 'a counter overflows'];
  const changes = [[], ['event 0 idx: -1 → 0', 'device enable[0]: 0x0 → 0x1'], ['device overflowed: 0x0 → 0x1']];
  const rule = { property: 'overflow-handled', statement: 's', severity: 'high', consequence: 'c' };
  const finding = { ...rule, id: 'a', token: 'hp:abcdef', text: 't', scope: 'alone', steps, changes };
  const json = { schema: 'hartproof.ground/1', driver: 'mine_pmu.c', findings: [finding] };
  explorer.put('findings.json', JSON.stringify(findingsInJson(JSON.stringify(json))));
  await explorer.look('finding=hp:abcdef&at=2', async (opened) => {
    const cell = (of: string) => opened.locator(`#room [data-of="${of}"]`).getAttribute('class');
    assert.is(await cell('device enable[0]'), 'room-cell filled differs');
    assert.is(await cell('device overflowed'), 'room-cell');
    await press(opened, 'j');
    assert.is(await cell('device enable[0]'), 'room-cell filled');
    assert.is(await cell('device overflowed'), 'room-cell filled differs');
    assert.match(await text(opened, '#room'), /the device.*overflowed0x1.*event 0/s);
  });
});

looking('a link of another version says so', `version=0.0.1&${MODEL}`, async (opened) => {
  await opened.locator('[role=alert] p', { hasText: 'This link was written by version 0.0.1' }).waitFor();
  await press(opened, '1');
  assert.match(await chosen(opened), /^event_init/);
});
