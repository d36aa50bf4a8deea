import type { Page } from 'playwright-core';
import * as assert from 'uvu/assert';
import { explorer, page } from './in-page.ts';
import { press } from './opened.ts';

const BROKEN =
  'model=two-threads&environment=4.16&driver=as-posted&log=26.ABBBBBBBBAABBBBAAAAAAAABBA.EP_o&property=reserved-while-live';

/** The contrast of every visible text with what lies behind it, where it is too low: WCAG 2, level AA. */
const TOO_FAINT = `(() => {
  const parse = (colour) => {
    const [r, g, b, a = 1] = colour.match(/[\\d.]+/g).map(Number);
    return { r, g, b, a };
  };
  const over = (top, below) => ({
    r: top.r * top.a + below.r * (1 - top.a), g: top.g * top.a + below.g * (1 - top.a), b: top.b * top.a + below.b * (1 - top.a), a: 1,
  });
  const light = ({ r, g, b }) => {
    const [R, G, B] = [r, g, b].map((value) => {
      const part = value / 255;
      return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * R + 0.7152 * G + 0.0722 * B;
  };
  const behind = (element) => {
    const layers = [];
    for (let at = element; at !== null; at = at.parentElement) layers.push(parse(getComputedStyle(at).backgroundColor));
    return layers.reverse().reduce((below, top) => over(top, below), { r: 255, g: 255, b: 255, a: 1 });
  };
  const found = [];
  for (const element of document.querySelectorAll('body *:not(svg):not(svg *):not(script):not(.hidden):not(.hidden *)')) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== '');
    if (!own && !element.matches('input')) continue;
    const { width, height } = element.getBoundingClientRect();
    if (width === 0 || height === 0 || element.matches(':disabled, :disabled *')) continue;
    const below = behind(element);
    const style = getComputedStyle(element);
    const [one, other] = [light(over(parse(style.color), below)), light(below)].sort((a, b) => b - a);
    const contrast = (one + 0.05) / (other + 0.05);
    if (contrast < 4.5) found.push(contrast.toFixed(2) + ' ' + element.className + ': ' + element.textContent.slice(0, 40));
  }
  return found;
})()`;

async function busy(opened: Page): Promise<void> {
  await press(opened, 'm', 'k', 's', 'd');
  await opened.locator('#properties .status').filter({ hasText: 'Searched to the end' }).waitFor();
}

for (const dark of [false, true])
  page(`contrast is enough on a ${dark ? 'dark' : 'light'} page`, async () =>
    explorer?.look(
      BROKEN,
      async (opened) => {
        assert.equal(await opened.evaluate(TOO_FAINT), []);
        await busy(opened);
        assert.equal(await opened.evaluate(TOO_FAINT), []);
        await press(opened, '?');
        assert.equal(await opened.evaluate(TOO_FAINT), []);
      },
      { dark },
    ),
  );

page('the measure of contrast can fail', async () =>
  explorer?.look(BROKEN, async (opened) => {
    await opened.addStyleTag({ content: '.note, .asks { color: #b8b8b8 !important }' });
    assert.ok(((await opened.evaluate(TOO_FAINT)) as string[]).length > 0);
  }),
);

page('everything has a role and a name', async () =>
  explorer?.look(BROKEN, async (opened) => {
    for (const panel of ['Next facts', 'Log', 'C', 'Machines', 'Path', 'State', 'Properties'])
      assert.is(await opened.getByRole('region', { name: panel, exact: true }).count(), 1, panel);
    assert.is(await opened.getByRole('main').count(), 1);
    assert.is(await opened.getByRole('heading', { level: 1 }).count(), 1);
    assert.is(await opened.getByRole('listbox', { name: /the log/ }).count(), 1);
    const option = opened.locator('#log').getByRole('option', { selected: true });
    const { active, selected } = (await opened.evaluate(`({
      active: document.querySelector('#log [role=listbox]').getAttribute('aria-activedescendant'),
      selected: document.querySelector('#log [aria-selected=true][role=option]').id,
    })`)) as { active: string; selected: string };
    assert.is(active, selected);
    assert.is(await option.getAttribute('aria-setsize'), '27');
    assert.is(await opened.getByRole('tab', { selected: true }).count(), 1);
    assert.is(await opened.getByRole('tab', { name: 'driver, event 1' }).count(), 1);
    for (const label of ['model', 'environment', 'driver'])
      assert.is(await opened.getByRole('combobox', { name: label }).count(), 1, label);
    await opened.locator('#chart svg').waitFor();
    assert.ok((await opened.getByRole('img').count()) >= 2);
    const nameless =
      await opened.evaluate(`[...document.querySelectorAll('button, input, select, [role=img], [tabindex="0"]')]
      .filter((element) => !element.closest('[hidden]'))
      .filter((element) => (element.ariaLabel ?? element.title ?? '') + element.textContent + (element.labels?.length ? 'x' : '') === '')
      .map((element) => element.outerHTML.slice(0, 80))`);
    assert.equal(nameless, []);
    const ids = (await opened.evaluate('[...document.querySelectorAll("[id]")].map(({ id }) => id)')) as string[];
    assert.equal(
      ids.filter((id, at) => ids.indexOf(id) !== at),
      [],
      'no id twice',
    );
  }),
);

page('says each step to who does not see it', async () =>
  explorer?.look(`${BROKEN}&at=24`, async (opened) => {
    const said = opened.locator('[aria-live=polite]');
    assert.is(await said.textContent(), 'fact 24: event 1: pr_warn("PMC hardware busy")');
    await press(opened, 'G');
    assert.is(
      await said.textContent(),
      'fact 26: event 1: event_init returns -EBUSY; violates reserved-while-live, busy-is-true',
    );
  }),
);
